// What a screen reader gets of one application, and so what the tests check of names, roles and states, as JSON:
//
//   gjs -m accessibility.js tree APPLICATION        all of it
//   gjs -m accessibility.js names APPLICATION       the names alone
//   gjs -m accessibility.js focused APPLICATION     the name of what has the focus; empty when nothing has
//   gjs -m accessibility.js work APPLICATION NAME   works what is called NAME, as a screen reader does for its user
//
// Each question goes over the bus, and a window of settings has hundreds of parts: no more is asked than is wanted.
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
const [verb, application, name] = System.programArgs;

function describe(accessible, depth) {
    const node = {
        role: accessible.get_role_name(),
        name: accessible.get_name(),
        description: accessible.get_description(),
        states: statesOf(accessible),
        children: [],
    };
    const text = accessible.get_text_iface();
    // An accessible has a method of that name as well, which gives the interface.
    if (text) node.text = Atspi.Text.prototype.get_text.call(text, 0, text.get_character_count());
    const component = accessible.get_component_iface();
    if (component) {
        const { x, y, width, height } = component.get_extents(Atspi.CoordType.SCREEN);
        node.extents = { x, y, width, height };
    }
    for (const child of depth < deepest ? childrenOf(accessible) : []) node.children.push(describe(child, depth + 1));
    return node;
}

function* childrenOf(accessible) {
    const count = accessible.get_child_count();
    for (let index = 0; index < count; index++) {
        // Children may vanish while the tree is walked.
        const child = accessible.get_child_at_index(index);
        if (child) yield child;
    }
}

function* withDescendants(accessible, depth = 0) {
    yield accessible;
    if (depth < deepest) for (const child of childrenOf(accessible)) yield* withDescendants(child, depth + 1);
}

function focusedIn(root) {
    for (const accessible of withDescendants(root)) {
        if (!accessible.get_state_set().contains(Atspi.StateType.FOCUSED)) continue;
        const called = accessible.get_name();
        if (called !== '') return called;
    }
    return '';
}

// Labels have actions too, such as to copy them.
const workings = new Set(['click', 'toggle']);

function work(root) {
    for (const accessible of withDescendants(root)) {
        const action = accessible.get_name() === name ? accessible.get_action_iface() : null;
        if (action && action.get_n_actions() > 0 && workings.has(action.get_action_name(0))) return action.do_action(0);
    }
    return false;
}

const verbs = {
    tree: root => describe(root, 0),
    names: root => [...withDescendants(root)].map(accessible => accessible.get_name()).filter(Boolean),
    focused: focusedIn,
    work,
};

Atspi.init();
const desktop = Atspi.get_desktop(0);
const applications = Array.from({ length: desktop.get_child_count() }, (_, i) => desktop.get_child_at_index(i));
const wanted = applications.find(candidate => candidate?.get_name() === application);
if (!wanted) {
    printerr(`No accessible application is called ${application}: ${applications.map(a => a?.get_name()).join(', ')}`);
    System.exit(1);
}
const answer = verbs[verb](wanted);
if (verb === 'work' && !answer) {
    printerr(`Nothing in ${application} that can be worked is called ${name}`);
    System.exit(1);
}
print(JSON.stringify(answer));
