/** The words of a record that its parts are known by. */
import { dash, find, isSame, skipSpaces, space } from "../report/bytes";
import { ending } from "./lines";

export const startpointWord = ending("Startpoint: ");
export const endpointWord = ending("Endpoint: ");
export const arrivalTime = ending("data arrival time");
export const requiredTime = ending("data required time");
export const maximumDelay = ending("max_delay");
export const minimumDelay = ending("min_delay");
export const groupInLine = ending(" group ");
export const groupWord = ending("Path Group: ");
export const typeWord = ending("Path Type: ");
export const minimum = ending("Path Type: min");
export const cornerWord = ending("Corner: ");
export const slackWord = ending("slack (");

// @ts-ignore: decorator
@inline
export function keywordAt(from: usize, to: usize, word: usize): bool {
  const length = <usize>load<u32>(word);
  return to - from >= length && from <= to && isSame(from, word + 4, length);
}

export { dash, find, isSame, skipSpaces, space };
