import js from "@eslint/js";
import tseslint from "typescript-eslint";

// Time and randomness enter the pure core as values (docs/architecture.md, rule 1).
const impure = [
  { object: "Math", property: "random", message: "Take a named stream of rng.ts." },
  { object: "Date", property: "now", message: "Time enters as a value." },
  { object: "performance", property: "now", message: "Time enters as a value." },
];

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "proto/gen/", "runs/", "coverage/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "max-lines": ["error", { max: 400, skipBlankLines: true }],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/only-throw-error": "error",
    },
  },
  {
    files: ["network/**/*.ts", "coordinator/search/**/*.ts"],
    rules: {
      "no-restricted-properties": ["error", ...impure],
      "no-restricted-globals": ["error", "Date", "setTimeout", "setInterval", "process", "console", "performance"],
    },
  },
  {
    files: ["coordinator/scheduling/**/*.ts", "worker/**/*.ts", "coordinator/storage/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["**/cli/**", "**/test/**"], message: "Nothing imports the CLI or tests." }] },
      ],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off", "@typescript-eslint/no-unsafe-assignment": "off" },
  },
  {
    files: ["**/*.js"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
);
