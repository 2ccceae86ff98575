import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { escapeText, html, scriptJson, svg, trusted } from "../../coordinator/export/report/html.ts";

describe("html", () => {
  test("escapes interpolated strings in content and attributes", () => {
    const text = `<b a='x' c="y">&</b>`;
    expect(html`<p title="${text}">${text}</p>`.text).toBe(
      `<p title="&lt;b a=&#39;x&#39; c=&quot;y&quot;&gt;&amp;&lt;/b&gt;">&lt;b a=&#39;x&#39; c=&quot;y&quot;&gt;&amp;&lt;/b&gt;</p>`,
    );
  });

  test("places markup as it is, joins arrays and leaves null out", () => {
    const items = ["<", "b"].map((item) => html`<li>${item}</li>`);
    expect(svg`<ul>${items}${null}${trusted("<hr>")}${3}</ul>`.text).toBe("<ul><li>&lt;</li><li>b</li><hr>3</ul>");
  });

  test("keeps the line breaks of values but not the indentation of the template", () => {
    expect(
      svg`<pre>
        ${"a\n  b"}</pre>`.text,
    ).toBe("<pre>\na\n  b</pre>");
  });

  test("leaves no character that could open or close an element or an attribute", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !/[<>"']/.test(escapeText(text))));
  });
});

describe("scriptJson", () => {
  test("reads back as the same value and cannot close its script element", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { text } = scriptJson({ value, evil: "</script><!--" });
        expect(text).not.toContain("<");
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ value, evil: "</script><!--" })));
      }),
    );
  });
});
