// Prints the accessibility tree of one application as JSON: gjs -m accessibility.js APPLICATION
// Or works what is called NAME in it, as a screen reader does for its user: gjs -m accessibility.js APPLICATION NAME
// This is what a screen reader is told, and so what the tests believe about names, roles and states.
/* global printerr */
import Atspi from 'gi://Atspi';
import System from 'system';

const deepest = 60;
// Asked one by one: an application may set states that this version of the library does not know, and cannot list.
const knownStates = Object.entries(Atspi.StateType).filter(([, value]) => typeof value === 'number');

function statesOf(accessible) {
    const states = accessible.get_state_set();
    const set = knownStates.filter(([, state]) => states.contains(state));
    return set.map(([name]) => name.toLowerCase().replaceAll('_', ' '));
}
const [application, name] = System.programArgs;

function describe(accessible, depth) {
    const node = {
        role: accessible.get_role_name(),
        name: accessible.get_name(),
        description: accessible.get_description(),
        states: statesOf(accessible),
        children: [],
    };
    const text = accessible.get_text_iface();
    if (text) node.text = text.get_text(0, text.get_character_count());
    const component = accessible.get_component_iface();
    if (component) {
        const { x, y, width, height } = component.get_extents(Atspi.CoordType.SCREEN);
        node.extents = { x, y, width, height };
    }
    for (const child of depth < deepest ? childrenOf(accessible) : []) node.children.push(describe(child, depth + 1));
    return node;
}

function* childrenOf(accessible) {
    for (let i = 0; i < accessible.get_child_count(); i++) {
        // Children may vanish while the tree is walked.
        const child = accessible.get_child_at_index(i);
        if (child) yield child;
    }
}

// Labels have actions too, such as to copy them.
const work = new Set(['click', 'toggle']);

function* workable(accessible) {
    const action = accessible.get_name() === name ? accessible.get_action_iface() : null;
    if (action && action.get_n_actions() > 0 && work.has(action.get_action_name(0))) yield action;
    for (const child of childrenOf(accessible)) yield* workable(child);
}

Atspi.init();
const desktop = Atspi.get_desktop(0);
const applications = Array.from({ length: desktop.get_child_count() }, (_, i) => desktop.get_child_at_index(i));
const wanted = applications.find(candidate => candidate?.get_name() === application);
if (!wanted) {
    printerr(`No accessible application is called ${application}: ${applications.map(a => a?.get_name()).join(', ')}`);
    System.exit(1);
}
if (name === undefined) {
    print(JSON.stringify(describe(wanted, 0)));
} else {
    const [action] = workable(wanted);
    if (!action?.do_action(0)) {
        printerr(`Nothing in ${application} that can be worked is called ${name}`);
        System.exit(1);
    }
}
