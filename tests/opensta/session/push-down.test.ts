import { describe, expect, it } from "vitest";
import { pushDown } from "../../../src/opensta/session/push-down.js";

describe("a filter that is handed to the tool", () => {
  it("becomes the tool's own options where these say the same or more", () => {
    expect(
      pushDown(
        {
          slackMax: 0,
          type: "min",
          groups: ["clk_a", "io_in"],
          corners: ["slow"],
          startpoints: ["u1"],
          endpoints: ["u2/D"],
          throughs: ["u3/Y"],
        },
        { endpoints: 100 },
      ),
    ).toEqual({
      slackThreshold: 0.01,
      pathDelay: "min",
      group: ["clk_a", "io_in"],
      corner: "slow",
      from: ["u1"],
      to: ["u2/D"],
      through: [["u3/Y"]],
      endpoints: 100,
    });
  });

  it("asks for a bit more than the bound, by the digits that are printed", () => {
    expect(pushDown({ slackMax: -0.1 }, { digits: 4 }).slackThreshold).toBe(-0.0999);
    expect(pushDown({ slackMax: 0.3 }, {}).slackThreshold).toBe(0.31);
  });

  it("keeps patterns, several corners, clocks and regions for itself", () => {
    const filter = {
      groups: ["clk_*"],
      endpoints: ["u2/D", "u?/D"],
      throughs: ["a\\*"],
      corners: ["slow", "fast"],
      launchClocks: ["clk"],
      region: new Set(["u1"]),
      slackMin: 1,
    };
    expect(pushDown(filter, { endpoints: 5 })).toEqual({ endpoints: 5 });
  });

  it("changes nothing that the query says itself, and adds to what it goes through", () => {
    const query = { pathDelay: "max", group: "g", slackThreshold: 1, through: ["a/Y"] } as const;
    expect(pushDown({ type: "min", groups: ["h"], slackMax: 0, throughs: ["b/Y"] }, query)).toEqual({
      ...query,
      through: ["a/Y", ["b/Y"]],
    });
  });
});
