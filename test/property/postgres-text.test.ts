import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { decodeText, encodeText } from "../../coordinator/storage/postgres/text-codec.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom("\u0000", "\u0001", "0", "1", "a")).map((parts) => parts.join("")),
);

test("every text comes back from PostgreSQL's form, which has no U+0000", () => {
  fc.assert(
    fc.property(text, (original) => {
      const encoded = encodeText(original);
      expect(encoded).not.toContain("\u0000");
      expect(decodeText(encoded)).toBe(original);
    }),
  );
});

test("different texts stay different", () => {
  fc.assert(fc.property(text, text, (one, other) => (encodeText(one) === encodeText(other)) === (one === other)));
});

test("a text without control characters is as it was", () => {
  expect(encodeText('{"a":"ü 🧪\n"}')).toBe('{"a":"ü 🧪\n"}');
});
