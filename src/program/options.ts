/** What a program takes on its command line, and the values it gets from there. */
import { parseArgs } from "node:util";
import { PORT_MAX } from "../sockets/limits";
import { UsageError } from "./failures";

interface OptionCommon {
  /** What it is for, for `--help`. */
  readonly description: string;
  /** One letter: `n` for `-n`. */
  readonly short?: string;
  /** The environment variable that stands in for it. */
  readonly env?: string;
  /** What `--help` calls its value; by default the name in capitals. */
  readonly value?: string;
}

/** Takes a text. */
export interface StringOption extends OptionCommon {
  readonly type?: "string";
  readonly default?: string;
}

/** Takes a whole number in decimal digits, from `min` (default 0) to `max`. */
export interface IntegerOption extends OptionCommon {
  readonly type: "integer";
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

/** Is given or not, and takes no value. */
export interface FlagOption extends OptionCommon {
  readonly type: "boolean";
}

export type ProgramOption = StringOption | IntegerOption | FlagOption;
export type ProgramOptions = Readonly<Record<string, ProgramOption>>;

/** What stands on the command line without a name. The last may be `rest`: as many as there are. */
export interface ProgramPositional {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
  /** It must be given. */
  readonly required?: boolean;
  readonly rest?: boolean;
}

type Value<O extends ProgramOption> = O extends { type: "boolean" }
  ? boolean
  : O extends { type: "integer" }
    ? O extends { default: number }
      ? number
      : number | undefined
    : O extends { default: string }
      ? string
      : string | undefined;

/** The options' values by name; without a default an option that is not given is undefined. */
export type OptionValues<O extends ProgramOptions> = { [K in keyof O]: Value<O[K]> };

export interface CommandLine<O extends ProgramOptions> {
  readonly help: boolean;
  readonly options: OptionValues<O>;
  readonly positionals: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a command line; then the environment; then the defaults. Throws UsageError. */
export function parseCommandLine<O extends ProgramOptions>(
  argv: readonly string[],
  env: Environment,
  options: O,
  positionals: readonly ProgramPositional[],
): CommandLine<O> {
  const parsed = parse(argv, options);
  const given = parsed.values;
  const help = given.help === true;
  const values: Record<string, string | number | boolean | undefined> = {};
  if (!help) {
    for (const [name, option] of Object.entries(options)) {
      values[name] = readValue(name, option, given[name], env);
    }
  }
  return {
    help,
    // Each value has the type that its option declares: readValue has just seen to that.
    options: values as OptionValues<O>,
    positionals: help ? [] : fillIn(parsed.positionals, positionals),
  };
}

function parse(argv: readonly string[], options: ProgramOptions) {
  const config: Record<string, { type: "string" | "boolean"; short?: string }> = {
    help: { type: "boolean", short: "h" },
  };
  for (const [name, { type, short }] of Object.entries(options)) {
    config[name] = { type: type === "boolean" ? "boolean" : "string" };
    if (short !== undefined) config[name].short = short;
  }
  try {
    return parseArgs({ args: [...argv], options: config, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's text goes on over several lines about cases that are not the reader's.
    const [first] = error.message.split(/\.? To specify|\n/);
    const missing = /^Option '([^' ]+).*argument (?:missing|is ambiguous)/.exec(first);
    const dash = /ambiguous/.test(first) ? "; if it begins with '-', write it after '='" : "";
    throw new UsageError(missing ? `${missing[1]} needs a value${dash}` : lowerFirst(first));
  }
}

function readValue(
  name: string,
  option: ProgramOption,
  given: string | boolean | undefined,
  env: Environment,
): string | number | boolean | undefined {
  let label = `--${name}`;
  let value = given;
  const fromEnvironment = option.env === undefined ? undefined : env[option.env];
  if (value === undefined && fromEnvironment !== undefined && fromEnvironment !== "") {
    label = `${option.env} (in the environment)`;
    value = fromEnvironment;
  }
  if (option.type === "boolean") return value === true || value === "1" || value === "true";
  if (value === undefined) return option.default;
  return option.type === "integer" ? integer(label, String(value), option) : String(value);
}

function integer(label: string, text: string, option: IntegerOption): number {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = option;
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new UsageError(`${label} must be a whole number ${range}, not ${JSON.stringify(text)}`);
  }
  return value;
}

function fillIn(given: readonly string[], specs: readonly ProgramPositional[]): string[] {
  const last = specs.at(-1);
  if (given.length > specs.length && last?.rest !== true) {
    throw new UsageError(`unexpected argument ${JSON.stringify(given[specs.length])}`);
  }
  const values = [...given];
  for (const spec of specs.slice(given.length)) {
    if (spec.default !== undefined) values.push(spec.default);
    else if (spec.required) throw new UsageError(`${spec.name} is missing`);
    else break;
  }
  return values;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** `--host` and `--port`, as every program has them. */
export function networkOptions(kind: "server" | "client", host: string, port: number | undefined) {
  const server = kind === "server";
  const options: Record<string, ProgramOption> = {
    host: {
      description: server ? "address to listen on" : "host name or address of the server",
      default: host,
      env: "HOST",
    },
  };
  if (port !== undefined) {
    options.port = {
      type: "integer",
      description: server ? "port to listen on; 0 lets the system choose" : "port of the server",
      default: port,
      min: server ? 0 : 1,
      max: PORT_MAX,
      env: "PORT",
    };
  }
  return options;
}
