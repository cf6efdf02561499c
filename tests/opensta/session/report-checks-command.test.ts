import { describe, expect, it } from "vitest";
import { reportChecksCommand } from "../../../src/opensta/session/report-checks-command.js";
import { translateCommand, versionWord } from "../../../src/opensta/session/version-words.js";
import { StaError } from "../../../src/opensta/sta-error.js";

const two = { tool: "sta", version: "2.0.17", generation: 2 } as const;
const three = { tool: "sta", version: "3.1.0", generation: 3 } as const;

describe("a query of paths", () => {
  it("is written in the words of each version", () => {
    const query = {
      pathDelay: "min_max",
      endpoints: 100,
      pathsPerEndpoint: 3,
      slackThreshold: -0.5,
      group: "asynchronous",
      corner: "slow",
      format: "full_clock",
      fields: ["slew", "capacitance"],
      digits: 4,
    } as const;
    expect(reportChecksCommand(query, two)).toBe(
      "report_checks -path_delay min_max -group_count 300 -endpoint_count 3 -slack_max -0.5 -path_group **async_default** -corner slow -fields {slew cap} -format full_clock -digits 4",
    );
    expect(reportChecksCommand(query, three)).toBe(
      "report_checks -path_delay min_max -group_path_count 300 -endpoint_path_count 3 -slack_max -0.5 -path_group asynchronous -scenes slow -fields {slew capacitance} -format full_clock -digits 4",
    );
  });

  it("quotes names so that nothing in them is run, and keeps lists of names lists", () => {
    const query = {
      from: ["q[0]", "clk main"],
      through: ["a$b", ["c;d", "e"]],
      to: "x[exec rm]",
      group: "gated clock",
    };
    expect(reportChecksCommand(query, three)).toBe(
      "report_checks -path_group {{gated clock}} -from {{q[0]} {clk main}} -through {{a$b}} -through {{c;d} e} -to {{x[exec rm]}}",
    );
    expect(reportChecksCommand({ group: ["gated clock", "clk_a"] }, two)).toContain(
      "-path_group {**clock_gating_default** clk_a}",
    );
  });

  it.each([
    [{ format: "json" }, two, "format is json", "2.0.17 has full"],
    [{ fields: ["fanout"] }, two, "fields is fanout", "capacitance, slew, input_pin, net"],
    [{ pathDelay: "worst" }, three, "pathDelay is worst", "min, min_rise"],
    [{ endpoints: 0 }, two, "endpoints is 0", "from 1 to 2147483647"],
    [{ pathsPerEndpoint: 1.5 }, two, "pathsPerEndpoint is 1.5", "whole number"],
    [{ digits: -1 }, two, "digits is -1", "from 0 to 15"],
    [{ slackThreshold: Number.NaN }, two, "slackThreshold is NaN", "time unit"],
    [{ from: [] }, two, "from is nothing", "at least one"],
  ])("refuses what a version does not take: %j", (query, version, message, cure) => {
    const ask = () => reportChecksCommand(query as Parameters<typeof reportChecksCommand>[0], version);
    expect(ask).toThrow(StaError);
    try {
      ask();
    } catch (error) {
      expect(error).toMatchObject({ code: "invalid-request" });
      expect((error as StaError).message).toContain(message);
      expect((error as StaError).cure).toContain(cure);
    }
  });

  it("takes other words back and forth between the versions", () => {
    const written = "report_check_types -all_violators -max_transition -corner slow".split(" ");
    const other = translateCommand(written, 3);
    expect(other).toEqual("report_check_types -violators -max_slew -scenes slow".split(" "));
    expect(translateCommand(other, 2)).toEqual(written);
    expect(translateCommand(["report_power", "-corner", "slow"], 3)).toEqual(["report_power", "-scene", "slow"]);
    expect(translateCommand(["report_checks", "-path_group", "$group"], 3)).toEqual([
      "report_checks",
      "-path_group",
      "$group",
    ]);
    expect(translateCommand(["set_load", "-corner", "slow"], 3)).toEqual(["set_load", "-corner", "slow"]);
    expect(versionWord("property", "slack_max_rise", 2)).toBe("max_rise_slack");
    expect(versionWord("group", "unconstrained", 2)).toBe("(none)");
  });
});
