/** A package with a program that shows hex files, in a repository of its own: the desktop has no network. */
export const localRepository = `
set -e
mkdir -p /opt/repository /tmp/package/DEBIAN
cat > /tmp/package/DEBIAN/control <<END
Package: hexwindow
Version: 1.0
Architecture: all
Maintainer: Test <test@example.org>
Description: viewer for hex files of GNOME
END
dpkg-deb --build /tmp/package /opt/repository/hexwindow_1.0_all.deb
cd /opt/repository
{
    cat /tmp/package/DEBIAN/control
    echo "Filename: ./hexwindow_1.0_all.deb"
    echo "Size: $(stat --format=%s hexwindow_1.0_all.deb)"
    echo "SHA256: $(sha256sum hexwindow_1.0_all.deb | cut -d' ' -f1)"
} > Packages
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/opt/repository ./' > /etc/apt/sources.list.d/local.list
apt-get update
`;
