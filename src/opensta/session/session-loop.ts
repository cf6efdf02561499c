/**
 * What the tool runs: one request a line of standard input, each a list of an end mark, the most bytes of a result, the
 * command, and a FIFO for its output (both in base64; no FIFO: standard output). A command runs under catch at the
 * top level, so that one with an open brace is an error like any other. Results and errors go out in base64 too: no
 * text can be taken for the frame, whose mark is new for every command.
 *
 * The FIFO is first held open for both reading and writing: so neither end can wait for the other, and a reader that
 * has gone again ends nothing but this command.
 */
export const loopScript = String.raw`
namespace eval ::checkpoint_session {
  proc plain {word} { encoding convertfrom utf-8 [binary decode base64 $word] }
  proc packed {text} { binary encode base64 [encoding convertto utf-8 $text] }

  # Messages name the script that is being sourced; the loop is not one that anybody knows.
  proc forgetPlace {} {
    info script {}
    unset -nocomplain ::sta::sdc_file ::sta::sdc_line
  }

  proc execute {command} {
    forgetPlace
    set code [catch {uplevel #0 $command} result options]
    # A bare return is the end of the command, as at a prompt.
    if {$code == 0 || $code == 2} { return [list ok $result {}] }
    if {$code != 1} { return [list error "invoked \"[expr {$code == 3 ? {break} : {continue}}]\" outside of a loop" {}] }
    list error $result [dict get $options -errorinfo]
  }

  proc serve {} {
    while {[gets stdin request] >= 0} {
      lassign $request mark resultMax command fifo
      if {$fifo ne {}} {
        set held [open [plain $fifo] {RDWR}]
        puts "\n$mark begin"
        flush stdout
        ::sta::redirect_file_begin [plain $fifo]
        close $held
      }
      lassign [execute [plain $command]] status result trace
      if {$fifo ne {}} { ::sta::redirect_file_end }
      set length [string length $result]
      if {$length > $resultMax} { set result [string range $result 0 2000] }
      puts "\n$mark end $status $length [packed $result] [packed [string range $trace end-4000 end]]"
      flush stdout
    }
  }
}
fconfigure stdin -translation lf
fconfigure stdout -encoding utf-8 -translation lf -buffering line
::checkpoint_session::serve
`;

export interface LoopRequest {
  readonly mark: string;
  readonly command: string;
  readonly resultCharactersMax: number;
  readonly fifo?: string | undefined;
}

/** The line that asks the loop to run a command. */
export function loopRequest({ mark, command, resultCharactersMax, fifo = "" }: LoopRequest): string {
  return `${mark} ${resultCharactersMax} ${packed(command)} ${packed(fifo)}\n`;
}

/** What a command came to. */
export interface LoopReply {
  readonly ok: boolean;
  /** Characters of the result; beyond what was asked for only its beginning is there. */
  readonly resultCharacters: number;
  readonly result: string;
  /** Where an error came from, as Tcl's errorInfo tells it. */
  readonly trace: string;
}

/** Reads the words after a mark; null if it only says that the FIFO is open. */
export function loopReply(words: string): LoopReply | null {
  // None of the words holds a blank; those that are empty are so between two.
  const [verb, status, characters, result, trace] = words.split(" ");
  if (verb !== "end") return null;
  return {
    ok: status === "ok",
    resultCharacters: Number(characters),
    result: plain(result),
    trace: plain(trace),
  };
}

function packed(text: string): string {
  return text === "" ? "{}" : Buffer.from(text).toString("base64");
}

function plain(word = ""): string {
  return Buffer.from(word, "base64").toString();
}
