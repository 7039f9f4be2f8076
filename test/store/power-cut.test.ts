/**
 * A power cut at every single step of some changes. The disk here forgets whatever was not synced, in two
 * ways: names go with what they name, or names stay and content is gone. After either, a store that starts
 * on what is left must have all it promised, and nothing torn.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openStore, StoreError } from "../../src/store/config-store";
import { type Files, REAL_FILES } from "../../src/store/file-system";
import { storeFolder } from "./support";

interface Node {
  /** Undefined for a folder. */
  data?: Buffer;
  synced?: Buffer;
}

type WriteBytes = (
  bytes: Uint8Array,
  offset: number,
  length: number,
  at: number,
) => Promise<{ bytesWritten: number; buffer: Uint8Array }>;

/** Paths from the folder that everything lies in; content undefined for folders. */
type Image = ReadonlyMap<string, Buffer | undefined>;

class ForgetfulDisk {
  /** What programs see. */
  readonly #now = new Map<string, Node>();
  /** Names that a folder's sync has confirmed. */
  readonly #durable = new Map<string, Node>();
  onStep: () => void = () => undefined;

  constructor(private readonly root: string) {}

  readonly files: Files = {
    ...REAL_FILES,
    mkdir: (async (folder: string, options: never) => {
      const made = await REAL_FILES.mkdir(folder, options);
      this.#step(() => this.#now.set(this.#key(folder), {}));
      return made;
    }) as Files["mkdir"], // node's own has one signature for each option
    open: async (file, flags, mode) => {
      const handle = await REAL_FILES.open(file, flags, mode);
      const key = this.#key(String(file));
      const isFolder = (await handle.stat()).isDirectory();
      if (!isFolder && !this.#now.has(key)) {
        this.#step(() => this.#now.set(key, { data: Buffer.alloc(0) }));
      }
      const node = this.#now.get(key);
      const { datasync, sync } = handle;
      // Of its signatures, the one that the store uses.
      const write = handle.write.bind(handle) as WriteBytes;
      const written = (async (bytes: Buffer, offset: number, length: number, at: number) => {
        // In two pieces, as a disk may take them.
        const half = Math.ceil(length / 2);
        const result = await write(bytes, offset, half, at);
        this.#step(() => {
          const old = node?.data ?? Buffer.alloc(0);
          const grown = Buffer.alloc(Math.max(old.length, at + half));
          old.copy(grown);
          bytes.copy(grown, at, offset, offset + half);
          if (node !== undefined) node.data = grown;
        });
        return result;
      }) as typeof handle.write;
      handle.write = written;
      handle.datasync = async () => {
        await datasync.call(handle);
        this.#step(() => {
          if (node !== undefined) node.synced = node.data;
        });
      };
      handle.sync = async () => {
        await sync.call(handle);
        this.#step(() => this.#syncFolder(key));
      };
      return handle;
    },
    link: async (from, to) => {
      await REAL_FILES.link(from, to);
      this.#step(() => {
        const node = this.#now.get(this.#key(String(from)));
        if (node !== undefined) this.#now.set(this.#key(String(to)), node);
      });
    },
    rename: async (from, to) => {
      await REAL_FILES.rename(from, to);
      this.#step(() => {
        const node = this.#now.get(this.#key(String(from)));
        this.#now.delete(this.#key(String(from)));
        if (node !== undefined) this.#now.set(this.#key(String(to)), node);
      });
    },
    unlink: async (file) => {
      await REAL_FILES.unlink(file);
      this.#step(() => this.#now.delete(this.#key(String(file))));
    },
  };

  /** Only what was synced: a name without its folder's sync is gone, and so is what lies below it. */
  forgotten(): Image {
    const image = new Map<string, Buffer | undefined>();
    for (const [key, node] of [...this.#durable].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const parent = path.dirname(key);
      if (parent !== "." && !image.has(parent)) continue;
      image.set(key, node.data === undefined ? undefined : (node.synced ?? Buffer.alloc(0)));
    }
    return image;
  }

  /** Every name is there, and content that was not synced is not. */
  hollow(): Image {
    const content = ({ data, synced }: Node) => data && (synced ?? Buffer.alloc(data.length));
    return new Map(Array.from(this.#now, ([key, node]) => [key, content(node)]));
  }

  #key(file: string): string {
    return path.relative(this.root, file);
  }

  #syncFolder(folder: string): void {
    const isIn = (key: string) => path.dirname(key) === (folder === "" ? "." : folder);
    for (const key of this.#durable.keys()) if (isIn(key)) this.#durable.delete(key);
    for (const [key, node] of this.#now) if (isIn(key)) this.#durable.set(key, node);
  }

  #step(change: () => void): void {
    change();
    this.onStep();
  }
}

interface Cut {
  readonly images: readonly Image[];
  /** How many changes had been acknowledged. */
  readonly promised: number;
}

test("a power cut at any step takes nothing that was acknowledged, and leaves nothing torn", async () => {
  const folder = await storeFolder();
  const disk = new ForgetfulDisk(path.dirname(folder));
  const cuts: Cut[] = [];
  const promised: { name: string; number: number; text: string }[] = [];
  disk.onStep = () => {
    cuts.push({ images: [disk.forgotten(), disk.hollow()], promised: promised.length });
  };
  const store = await openStore(folder, disk.files);
  const put = async (name: string, text: string) => {
    const { version } = await store.put(name, Buffer.from(text));
    promised.push({ name, number: version.number, text });
    disk.onStep();
  };
  await put("r1", "first of r1");
  await Promise.all([
    put("r1", "second of r1"),
    put("r2", "first of r2"),
    put("r1", "third of r1"),
  ]);
  await put("r2", "second of r2");
  await store.close();
  expect(cuts.length).toBeGreaterThan(40);

  const texts = new Set(promised.map(({ text }) => text));
  for (const [at, { images, promised: count }] of cuts.entries()) {
    for (const [way, image] of images.entries()) {
      const when = `${way === 0 ? "names forgotten" : "content forgotten"} after step ${at}`;
      const left = await restore(image);
      const again = await openStore(path.join(left, "store"));
      try {
        expect(again.recovery.damaged, when).toEqual([]);
        for (const { name, number, text } of promised.slice(0, count)) {
          const version = again.versions(name).find((one) => one.number === number);
          if (version === undefined)
            throw new Error(`${when}: version ${number} of ${name} is lost`);
          expect(String(await again.read(name, version)), when).toBe(text);
        }
        for (const name of ["r1", "r2"]) {
          for (const version of again.versions(name)) {
            const found = await again.read(name, version).catch((error: unknown) => {
              throw error instanceof StoreError ? new Error(`${when}: ${error.message}`) : error;
            });
            expect(texts.has(String(found)), when).toBe(true);
          }
        }
      } finally {
        await again.close();
        await rm(left, { recursive: true });
      }
    }
  }
}, 60_000);

async function restore(image: Image): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), "socket-lab-power-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [key, content] of [...image].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (content === undefined) await mkdir(path.join(root, key));
    else await writeFile(path.join(root, key), content);
  }
  return root;
}
