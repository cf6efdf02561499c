/** The public API: open a ledger, then work on it with its verbs. */
export { openLedger, type LedgerOptions } from "./open-ledger.js";
export type { Caller, Ledger } from "./ledger/ledger.js";
export {
  capture,
  type Captured,
  type CaptureFile,
  type CaptureProgress,
  type CaptureRequest,
} from "./ledger/capture.js";
export { showStage, type StageView } from "./ledger/stage-view.js";
export { historyOf, listDesigns, type DesignHistory, type MoveEntry, type StageEntry } from "./ledger/history.js";
export { diffStages, type DiffOptions, type EndpointChange, type StageDiff, type TypeDiff } from "./ledger/diff.js";
export { constraintTexts, splitText } from "./ledger/diff-text.js";
export {
  type CapturedColumns,
  type ColumnBatch,
  findPaths,
  type PathPage,
  type PathQuery,
  type PathReading,
  readColumns,
} from "./ledger/paths.js";
export type { PathProgress } from "./ledger/captured-paths.js";
export type { PathSelection } from "./timing/path-blocks/path-selection.js";
export type { PathColumns, ReportNames } from "./opensta/path-columns.js";
export type { Names } from "./opensta/names.js";
export { valueColumns } from "./opensta/path-arrays.js";
export { rollback, type RolledBack } from "./ledger/rollback.js";
export {
  compact,
  type Compacted,
  type CompactedStage,
  type CompactProgress,
  type CompactRequest,
  type FormFigures,
} from "./ledger/compact.js";
export { copyLedger, type Copied, type CopyOptions } from "./ledger/copy.js";
export { lagOf, type LedgerLag, type ReadModelLag } from "./ledger/lag.js";
export type { ParkedEvent } from "../projections/parked-events.js";
export { verify, type NotVerified, type Verified } from "./ledger/verify.js";
export { replayUntil } from "./ledger/replay.js";
export { watch, type EventView, type WatchOptions } from "./ledger/watch.js";
export {
  complete,
  create,
  fail,
  getCheckpoint,
  restore,
  update,
  type CheckpointAnswer,
  type CheckpointView,
} from "./ledger/checkpoint-commands.js";
export { validTransitions, isStale, type Checkpoint, type LifecycleState } from "./domain/checkpoint.js";
export { generateCheckpointId, parseCheckpointId, type ParsedCheckpointId } from "./domain/checkpoint-id.js";
export type { Refusal, RefusalCode } from "./domain/refusal.js";
export { parseReport, type ParseOptions } from "./opensta/parse-report.js";
export { countReport, type ReportCounts } from "./opensta/count-report.js";
export { openSource } from "./opensta/open-source.js";
export { SourceError } from "./opensta/source-error.js";
export { slackHistogram, type SlackBin, type SlackHistogram } from "./opensta/histogram.js";
export { renderEnd, renderSummary } from "./opensta/render/end-report.js";
export { type FullStyle, renderPath } from "./opensta/render/full-report.js";
export { type HeaderStyle, renderShort } from "./opensta/render/path-header.js";
export type { ReportStyle } from "./opensta/render/report-style.js";
export type {
  EndpointSlack,
  ReportNote,
  ReportRecord,
  TextSpan,
  TimingFigure,
  TimingPath,
} from "./opensta/report-records.js";
export { shownFigure } from "./timing/shown-figure.js";
export { UnknownEventError } from "../schemas/unknown-event-error.js";
export { StoreError } from "./store/event-store.js";
export { RecordStream, type RecordStreamOptions, type StreamCounters } from "./opensta/stream/record-stream.js";
export type { StreamLimits } from "./opensta/stream/chunk-queue.js";
export { countBy, endpointHistogram, sampleEvenly, topWorst, worstPerEndpoint } from "./opensta/stream/operators.js";
export type { PathFilter } from "./opensta/filter/path-filter.js";
export { type Box, Placement, readPlacement, type Region } from "./opensta/filter/placement.js";
export { runSta, staVersion, type StaOptions } from "./opensta/sta-process.js";
export { StaError, type StaErrorCode } from "./opensta/sta-error.js";
export { OpenStaSession } from "./opensta/session/session.js";
export type { CommandOptions, SessionOptions } from "./opensta/session/session-options.js";
export type { CommandResult } from "./opensta/session/command-result.js";
export type { ToolMessage } from "./opensta/records/session.js";
export type { SessionState } from "./opensta/session/tool.js";
export type { ToolVersion } from "./opensta/session/tool-version.js";
export type { CommandOutcome, TranscriptEntry } from "./opensta/session/transcript.js";
export type { TimingFigures } from "./opensta/session/timing-figures.js";
export type { ClockInfo, FanOptions } from "./opensta/session/design-queries.js";
export {
  reportChecksCommand,
  type ObjectNames,
  type PathDelay,
  type PathField,
  type PathFormat,
  type ReportChecksQuery,
} from "./opensta/session/report-checks-command.js";
export { translateCommand } from "./opensta/session/version-words.js";
export { formatTclList, parseTclList, tclWord, TclListError } from "./opensta/tcl-list.js";
export type { Activity, ActivityState } from "./opensta/session/heartbeat.js";
export { type Page, type PageOptions, NoSuchPageError, pageCursor, readPage } from "./opensta/spool/spool-reader.js";
export { SpoolError, type SpoolOptions, SpoolWriter } from "./opensta/spool/spool-writer.js";
