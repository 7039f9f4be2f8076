/** Keys from a terminal's bytes, by Node's own parser; answers of the terminal are told apart from keys. */
import { emitKeypressEvents, type Interface } from "node:readline";
import { PassThrough } from "node:stream";

export interface Key {
  /** `enter`, `esc`, `up`, `pagedown`, `ctrl+c`, or the character: `n`, `R`, `?`. */
  readonly name: string;
  /** What the key types, if anything. */
  readonly text: string;
  /** It came out of a pasted text. */
  readonly pasted: boolean;
}

/** A key that begins with Escape sends its bytes at once; over a slow line they may come apart. */
const ESCAPE_WAIT_MS = 60;
/** What remains unfinished of a terminal's answer after this was none. */
const ANSWER_WAIT_MS = 200;

const NAMES: Readonly<Record<string, string>> = {
  return: "enter",
  enter: "enter",
  escape: "esc",
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: OSC ... BEL or ST (ECMA-48, 8.3.89)
const ANSWER = /\u001b\]([^\u0007\u001b]*)(?:\u0007|\u001b\\)/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the beginning of an answer
const UNFINISHED_ANSWER = /\u001b\][^\u0007\u001b]*\u001b?$/;

export class KeyReader {
  readonly #keys = new PassThrough();
  readonly #onAnswer: (text: string) => void;
  #held = "";
  #timer: NodeJS.Timeout | undefined;

  /** @param onAnswer told the text of a terminal's answer (an OSC string), such as `11;rgb:0000/0000/0000` */
  constructor(onKey: (key: Key) => void, onAnswer: (text: string) => void) {
    this.#onAnswer = onAnswer;
    let pasting = false;
    // The parser takes only this one setting from what is otherwise a whole readline interface.
    emitKeypressEvents(this.#keys, { escapeCodeTimeout: ESCAPE_WAIT_MS } as unknown as Interface);
    this.#keys.on("keypress", (text: string | undefined, key: RawKey) => {
      if (key.name === "paste-start") pasting = true;
      else if (key.name === "paste-end") pasting = false;
      else onKey(toKey(text ?? "", key, pasting));
    });
  }

  /** Takes what the terminal sent. */
  read(chunk: string): void {
    clearTimeout(this.#timer);
    const text = (this.#held + chunk).replace(ANSWER, (_all, answer: string) => {
      this.#onAnswer(answer);
      return "";
    });
    this.#held = UNFINISHED_ANSWER.exec(text)?.[0] ?? "";
    const rest = text.slice(0, text.length - this.#held.length);
    if (rest !== "") this.#keys.write(rest);
    if (this.#held !== "") {
      this.#timer = setTimeout(() => {
        this.#held = "";
      }, ANSWER_WAIT_MS);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#keys.destroy();
  }
}

interface RawKey {
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly shift?: boolean;
}

function toKey(text: string, { name = "", ctrl, meta, shift }: RawKey, pasted: boolean): Key {
  const known = NAMES[name] ?? name;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is typed is not a control character
  const typed = text !== "" && !/[\u0000-\u001f\u007f]/.test(text) ? text : "";
  if (ctrl) return { name: `ctrl+${known}`, text: "", pasted };
  if (meta && known !== "esc") return { name: `alt+${known}`, text: "", pasted };
  if (typed !== "") return { name: typed === " " ? "space" : typed, text: typed, pasted };
  return { name: shift ? `shift+${known}` : known, text: "", pasted };
}
