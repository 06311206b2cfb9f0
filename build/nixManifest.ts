// What the modules for Nix read of the manifest: packaging/nix/manifest.json. They read package.json and the extension's metadata themselves.
import * as z from 'zod';
import { homepage, offerUnit, userFiles } from '../packaging/manifest.ts';
import { texts } from '../packaging/packageTexts.ts';
import { settings } from '../service/config/schema.ts';
import { mechanismUnit, serviceUnit } from '../service/util/names.ts';

/** Settings as JSON Schema, which packaging/nix/settings.nix turns into types of Nix. */
export function nixManifest(): unknown {
    const schemas = Object.entries(settings()).map(([section, names]) => {
        const types = Object.entries<z.ZodType>(names).map(([name, schema]) => [name, typeOf(schema)] as const);
        return [section, Object.fromEntries(types)] as const;
    });
    return {
        homepage,
        summary: texts.reeve.summary,
        units: { mechanism: mechanismUnit, offer: offerUnit, service: serviceUnit },
        userFiles,
        settings: Object.fromEntries(schemas),
    };
}

function typeOf(schema: z.ZodType): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(z.toJSONSchema(schema, { io: 'input' })).filter(([key]) => key !== '$schema'),
    );
}
