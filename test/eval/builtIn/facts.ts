/** The built-in answers that tell a fact. Facts are named as the tools that read them; a few have only an answer. */
const told: Readonly<Record<string, readonly string[]>> = {
    audio: ['sound'],
    boots: ['uptime', 'startup'],
    changed_files: ['changes'],
    devices: ['peripherals'],
    dns: ['network'],
    drives: ['disk'],
    file_info: [],
    filesystems: ['disk'],
    folder_sizes: ['disk'],
    hardware: ['hardware', 'versions'],
    incidents: ['failures', 'overview'],
    journal: ['log'],
    network_links: ['network'],
    network_manager: ['network'],
    network_routes: ['network'],
    package_changes: ['changes'],
    package_info: ['installed'],
    package_owner: ['installed'],
    package_updates: ['updates'],
    pressure: ['resources'],
    sessions: ['users'],
    temperatures: ['temperature'],
    timeline: ['changes'],
    unit_details: ['unit'],
    units: ['failures', 'unit'],
    users: [],
};

/** @returns ids of built-in answers: that of the tool itself, and others that tell it; of its name, where nothing is listed */
export function answersOf(facts: readonly string[]): ReadonlySet<string> {
    return new Set(facts.flatMap(fact => [`fact:${fact}`, ...(told[fact] ?? [fact])]));
}
