import { describe, expect, it } from "vitest";
import { leftoverOf, openedName, partialName, sealOfLabelName } from "../../src/package/names.js";
import { isSealNumber, newSealNumber } from "../../src/package/seal-number.js";

describe("a seal number", () => {
  it("is EV- and three groups of four of Crockford's base32", () => {
    const numbers = Array.from({ length: 1000 }, newSealNumber);
    for (const number of numbers) expect(number).toMatch(/^EV(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    expect(new Set(numbers).size).toBe(1000);
    expect(new Set(numbers.join("").replaceAll(/EV|-/g, "")).size).toBe(32);
  });

  it.each(["EV-7K3Q-9M2X-TB4", "EV-7K3Q-9M2X-TB4I", "ev-7k3q-9m2x-tb4h", "EV-7K3Q-9M2X-TB4H\n", ""])(
    "is not %j",
    (text) => expect(isSealNumber(text)).toBe(false),
  );

  it("is found in the name of a label and of nothing else", () => {
    expect(sealOfLabelName("EV-7K3Q-9M2X-TB4H.label.json")).toBe("EV-7K3Q-9M2X-TB4H");
    expect(sealOfLabelName("EV-7K3Q-9M2X-TB4H.label.json.minisig")).toBeUndefined();
    expect(sealOfLabelName("../EV-7K3Q-9M2X-TB4H.label.json")).toBeUndefined();
    expect(sealOfLabelName(".label.json")).toBeUndefined();
  });

  it("names the hidden folder of unfinished work", () => {
    const seal = "EV-7K3Q-9M2X-TB4H";
    expect(leftoverOf(partialName(seal))).toEqual({ seal, kind: "sealed" });
    for (const isWhole of [true, false]) {
      expect(leftoverOf(partialName(openedName(seal, isWhole)))).toEqual({ seal, kind: "clear" });
    }
    for (const name of [".Smith interview.partial", `${seal}.partial`, `.${seal}.opened`, `.${seal}.other.partial`]) {
      expect(leftoverOf(name)).toBeUndefined();
    }
  });
});
