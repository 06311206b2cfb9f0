/** A D-Bus interface as the code that exports it sees it; the tables are generated from dbus-interfaces/*.xml. */
export type ArgumentTable = readonly { name: string; type: string }[];

export type InterfaceTable = {
    name: string;
    /** `emits`: whether changes are announced with PropertiesChanged. All properties are read-only. */
    properties: Readonly<Record<string, { type: string; emits: boolean }>>;
    methods: Readonly<Record<string, { in: ArgumentTable; out: ArgumentTable }>>;
    signals: Readonly<Record<string, ArgumentTable>>;
    /** The <interface> element for Introspect. */
    xml: string;
};

/** The shape of the generated types. */
export type InterfaceTypes = {
    properties: object;
    methods: Record<string, { in: object; out: unknown }>;
    signals: Record<string, object>;
};

/** Who calls, and how. */
export type Caller = {
    /** The unique name on the bus, such as ":1.42". */
    sender: string;
    /** Whether the caller allows a password dialog. */
    interactive: boolean;
};

export type Implementation<I extends InterfaceTypes> = {
    properties: () => I['properties'];
    methods: {
        [M in keyof I['methods']]: (
            args: I['methods'][M]['in'],
            caller: Caller,
        ) => I['methods'][M]['out'] | Promise<I['methods'][M]['out']>;
    };
};
