/**
 * Lines that name the command that the following lines come from: the prompt of 2.0.17 (and of OpenROAD), which echoes
 * what it reads from a pipe, and a flow's own prefix:
 *
 *     OpenSTA> report_checks -path_delay min
 *     SC_METRIC: report_checks -path_delay max
 */
import type { ReportFormat } from "../report-format.js";
import { nothingMore } from "./single-line.js";

const prompted = /^(?:OpenSTA|openroad)(?: \d+)?> (.*\S)\s*$/;
const metric = /^SC_METRIC: (.*\S)\s*$/;
/** What 2.0.17 says behind its last prompt. */
const farewell = "Saving command history";
const command = /\b(?:report|write|get|check|find)_[a-z_]+\b.*/;

/** The command that a title names: what begins with the name of one. */
export const commandIn = (title: string): string | null => command.exec(title)?.[0] ?? null;

export const sectionLines: ReportFormat = {
  name: "section",
  initials: "OoS",
  open(line, emit) {
    if (!line.startsWith("OpenSTA") && !line.startsWith("openroad") && !line.startsWith("SC_METRIC: ")) return null;
    const text = line.beginning;
    const { byteOffset, number } = line;
    const typed = prompted.exec(text)?.[1]?.trimStart();
    if (typed !== undefined && typed !== farewell)
      emit({ kind: "section", title: typed, command: typed, source: "prompt", byteOffset, line: number });
    const title = metric.exec(text)?.[1];
    if (title !== undefined)
      emit({ kind: "section", title, command: commandIn(title), source: "metric", byteOffset, line: number });
    return (typed === undefined || typed === farewell) && title === undefined ? null : nothingMore;
  },
};
