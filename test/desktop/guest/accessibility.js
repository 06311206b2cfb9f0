// Prints the accessibility tree of one application as JSON: gjs -m accessibility.js APPLICATION
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
const [application] = System.programArgs;

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
    for (let i = 0; depth < deepest && i < accessible.get_child_count(); i++) {
        // Children may vanish while the tree is walked.
        const child = accessible.get_child_at_index(i);
        if (child) node.children.push(describe(child, depth + 1));
    }
    return node;
}

Atspi.init();
const desktop = Atspi.get_desktop(0);
const applications = Array.from({ length: desktop.get_child_count() }, (_, i) => desktop.get_child_at_index(i));
const wanted = applications.find(candidate => candidate?.get_name() === application);
if (!wanted) {
    printerr(`No accessible application is called ${application}: ${applications.map(a => a?.get_name()).join(', ')}`);
    System.exit(1);
}
print(JSON.stringify(describe(wanted, 0)));
