// GSettings of the desktop: at its start as a dconf database, later with gsettings(1).

/** Schema → key → value as GVariant text. */
export type Settings = Record<string, Record<string, string>>;

export type Appearance = {
    dark?: boolean;
    highContrast?: boolean;
    /** 2 for texts of twice the size. */
    textScale?: number;
};

export function appearanceSettings({ dark, highContrast, textScale }: Appearance): Settings {
    const settings: Settings = {};
    const set = (schema: string, key: string, value: string) =>
        (settings[schema] = { ...settings[schema], [key]: value });
    if (dark !== undefined) set('org.gnome.desktop.interface', 'color-scheme', dark ? "'prefer-dark'" : "'default'");
    if (textScale !== undefined) set('org.gnome.desktop.interface', 'text-scaling-factor', textScale.toFixed(2));
    if (highContrast !== undefined) set('org.gnome.desktop.a11y.interface', 'high-contrast', String(highContrast));
    return settings;
}

/** The keyfile form that `dconf update` reads; its groups are paths, and GNOME's are the schemas' names with slashes. */
export function toKeyfile(...all: Settings[]): string {
    const merged: Settings = {};
    for (const settings of all) {
        for (const [schema, keys] of Object.entries(settings)) merged[schema] = { ...merged[schema], ...keys };
    }
    return Object.entries(merged)
        .map(([schema, keys]) => {
            const lines = Object.entries(keys).map(([key, value]) => `${key}=${value}\n`);
            return `[${schema.replaceAll('.', '/')}]\n${lines.join('')}`;
        })
        .join('\n');
}
