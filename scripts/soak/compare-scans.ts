// One round: nmap and port_scanner scan the same ports; what they found is compared.

import { listeningPorts } from "./listeners";
import { ALL_PORTS, type Scan, scanWithNmap, scanWithProgram } from "./scanners";

/** Another program's port may come, go, or have its queue full for a moment: then look again. */
const ATTEMPTS_MAX = 4;
const LOOK_AGAIN_MS = 100;

export interface Verdict {
  readonly ours: Scan;
  readonly nmap: Scan;
  /** Found open by port_scanner, and nobody listens there. */
  readonly falseOpen: readonly number[];
  /** Open, and not found by port_scanner. */
  readonly missed: readonly number[];
  /** Found by one of the two: of other programs, or nmap's own errors. Not ours to answer for. */
  readonly noted: readonly string[];
}

/**
 * Scans `ports` of `host`, `own` among them, with both, one after the other, and judges `own` ports (which listen all the time) and all
 * others. Where the system lists who listens, a port that another program opened or closed meanwhile
 * is left out; where it does not, every difference counts.
 */
export async function compareScans(
  host: string,
  own: readonly number[],
  ports = ALL_PORTS,
): Promise<Verdict> {
  for (let attempt = 1; ; attempt += 1) {
    const verdict = await compareOnce(host, own, ports);
    const foreign = [...verdict.falseOpen, ...verdict.missed].every((port) => !own.includes(port));
    const clean = verdict.falseOpen.length + verdict.missed.length === 0;
    if (clean || !foreign || attempt === ATTEMPTS_MAX || verdict.falseOpen.length > 0) {
      return verdict;
    }
  }
}

async function compareOnce(host: string, own: readonly number[], ports: string): Promise<Verdict> {
  const watch = watchListeners(host);
  const [nmap, ours] = await inTurn(host, ports).finally(() => watch.end());
  return { ours, nmap, ...judge(own, ours.open, nmap.open, watch) };
}

/** What is to be said of two lists of open ports, given who listened meanwhile. */
export function judge(
  own: readonly number[],
  ours: readonly number[],
  nmaps: readonly number[],
  { known, always, never }: Pick<Watch, "known" | "always" | "never">,
): Pick<Verdict, "falseOpen" | "missed" | "noted"> {
  const onlyOurs = ours.filter((port) => !nmaps.includes(port));
  const onlyNmaps = nmaps.filter((port) => !ours.includes(port));
  // nmap may fail to see a port that listens, or be wrong like us; nobody can see one that does not.
  const falseOpen = known ? ours.filter(never) : onlyOurs;
  const missed = own
    .filter((port) => !ours.includes(port))
    .concat(onlyNmaps.filter((port) => always(port) && !own.includes(port)));
  const judged = new Set([...falseOpen, ...missed]);
  const rest = (ports: readonly number[]) => ports.filter((port) => !judged.has(port));
  const noted = [
    ...rest(onlyOurs).map((port) => `${port}: not seen by nmap`),
    ...rest(onlyNmaps).map(
      (port) => `${port}: ${never(port) ? "nmap's error, nobody listens" : "came or went"}`,
    ),
  ];
  return { falseOpen, missed, noted };
}

async function inTurn(host: string, ports: string): Promise<[nmap: Scan, ours: Scan]> {
  const nmap = await scanWithNmap(host, ports);
  return [nmap, await scanWithProgram(host, ports, "--no-banners")];
}

interface Watch {
  /** Whether the system tells who listens; where it does not, any difference counts. */
  readonly known: boolean;
  /** Whether somebody listened there whenever it looked. */
  always(port: number): boolean;
  never(port: number): boolean;
  end(): void;
}

/** Looks again and again who listens, as long as the scans take. */
function watchListeners(host: string): Watch {
  const first = listeningPorts(host);
  const always = new Set(first);
  const ever = new Set(first);
  const look = () => {
    const now = listeningPorts(host) ?? new Set();
    for (const port of now) ever.add(port);
    for (const port of always) if (!now.has(port)) always.delete(port);
  };
  const timer = first && setInterval(look, LOOK_AGAIN_MS);
  return {
    known: first !== undefined,
    always: (port) => first === undefined || always.has(port),
    never: (port) => first === undefined || !ever.has(port),
    end() {
      clearInterval(timer);
      if (first !== undefined) look();
    },
  };
}
