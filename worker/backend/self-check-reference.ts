import type { SelfCheckFigures } from "./self-check.ts";

/**
 * The self-check's figures as tfjs's cpu backend computes them. test/unit/self-check.test.ts computes them again, and prints what belongs
 * here where the known steps have been changed on purpose.
 */
export const selfCheckReference: SelfCheckFigures = {
  losses: [1.31288, 1.20577],
  changes: [
    { along: -0.0437399, length: 0.182438 },
    { along: -0.00662058, length: 0.0811075 },
    { along: -0.0117077, length: 0.0495015 },
    { along: -0.0717666, length: 0.111382 },
    { along: 0.0000239897, length: 0.0000471346 },
    { along: -0.010611, length: 0.0312468 },
    { along: -0.0836559, length: 0.122891 },
    { along: -0.0082781, length: 0.0395807 },
    { along: -0.0172906, length: 0.0302495 },
    { along: -0.0114591, length: 0.0251396 },
    { along: 0.00353519, length: 0.0165831 },
    { along: -0.00139011, length: 0.00145143 },
    { along: -0.0104056, length: 0.0194249 },
    { along: 0.0192986, length: 0.105722 },
    { along: 0.0131995, length: 0.0338093 },
    { along: 5.66025e-9, length: 6.78296e-9 },
    { along: -0.000708302, length: 0.10017 },
    { along: -0.0000246493, length: 0.0000254748 },
    { along: -0.0221121, length: 0.0211335 },
    { along: 0.0834034, length: 0.174137 },
    { along: 0.0164212, length: 0.0181952 },
    { along: 0.00761327, length: 0.0144254 },
    { along: 0.0265542, length: 0.0947184 },
    { along: 0.0181422, length: 0.0434233 },
    { along: 0.0655293, length: 0.121433 },
    { along: 0.0150205, length: 0.0880387 },
    { along: 0.0602807, length: 0.0715025 },
    { along: -0.0226255, length: 0.0785463 },
  ],
};
