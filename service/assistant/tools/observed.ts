import type { Bus, Machine } from '../../machine/machine.ts';
import type { ToolContext } from './tool.ts';

/** A source that a tool read, for people: "/proc/meminfo", "ip -json address", "org.bluez /: GetManagedObjects". */
export type Touched = { kind: 'file' | 'command' | 'bus' | 'journal'; what: string };

const kept = 40;

/** The sources that a tool reads, each once. */
export class Touches {
    readonly #seen = new Map<string, Touched>();
    #more = 0;

    add(kind: Touched['kind'], what: string): void {
        const key = `${kind} ${what}`;
        if (this.#seen.has(key)) return;
        if (this.#seen.size < kept) this.#seen.set(key, { kind, what });
        else this.#more += 1;
    }

    get all(): Touched[] {
        return [...this.#seen.values()];
    }

    /** How many further sources were read. */
    get more(): number {
        return this.#more;
    }
}

/** The same context, but every access is recorded, so that no tool can forget to name its sources. */
export function observed(context: ToolContext, touches: Touches): ToolContext {
    const { machine, journal, systemd } = context;
    const bus = (which: 'system' | 'session'): Bus | null => {
        const inner = machine[which];
        if (inner === null) return null;
        return {
            nameOwner: name => inner.nameOwner(name),
            call: call => {
                touches.add('bus', `${call.destination} ${call.path}: ${call.member}`);
                return inner.call(call);
            },
        };
    };
    const observedMachine: Machine = {
        root: machine.root,
        get system() {
            return bus('system');
        },
        get session() {
            return bus('session');
        },
        run: (program, argv, options) => {
            touches.add('command', [program, ...argv].join(' '));
            return machine.run(program, argv, options);
        },
        onRead: path => {
            // The number of one process or sensor among many means nothing to a reader.
            touches.add('file', path.replace(/(?<=^\/proc\/)\d+(?=\/)/, '*'));
        },
    };
    const manager = (member: string) => {
        touches.add('bus', `org.freedesktop.systemd1: ${member}`);
    };
    return {
        ...context,
        machine: observedMachine,
        journal: {
            access: () => journal.access(),
            query: query => {
                const { unit, userUnit, grep, matches = [] } = query;
                const terms = [unit && `unit ${unit}`, userUnit && `user unit ${userUnit}`, grep && `text ${grep}`];
                touches.add('journal', [...terms.filter(term => term), ...matches].join(', ') || 'all entries');
                return journal.query(query);
            },
        },
        systemd: {
            isReachable: scope => systemd.isReachable(scope),
            list: (scope, filter) => {
                manager(`ListUnitsByPatterns (${scope})`);
                return systemd.list(scope, filter);
            },
            listFiles: (scope, options) => {
                manager(`ListUnitFiles (${scope})`);
                return systemd.listFiles(scope, options);
            },
            unit: (scope, name, options) => {
                manager(`properties of ${name} (${scope})`);
                return systemd.unit(scope, name, options);
            },
        },
    };
}
