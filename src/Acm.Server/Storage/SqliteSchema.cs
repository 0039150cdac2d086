namespace Acm.Server.Storage;

/// <summary>The migrations from each schema version to the next. A released migration is never changed.</summary>
internal static class SqliteSchema
{
    private static readonly string[] Steps =
    [
        // 1: the file format of the first release.
        """
        CREATE TABLE history (
            id INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            grp TEXT NOT NULL,
            data_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            changed_at INTEGER NOT NULL,
            md5 TEXT,
            charset TEXT,
            app_name TEXT,
            encrypted_data_key TEXT,
            access_key TEXT,
            client_address TEXT NOT NULL,
            content BLOB);
        CREATE INDEX history_of_key ON history (tenant, grp, data_id, id);
        CREATE TABLE current (
            tenant TEXT NOT NULL,
            grp TEXT NOT NULL,
            data_id TEXT NOT NULL,
            revision INTEGER NOT NULL,
            modified_at INTEGER NOT NULL,
            md5 TEXT NOT NULL,
            length INTEGER NOT NULL,
            charset TEXT NOT NULL,
            app_name TEXT NOT NULL,
            encrypted_data_key TEXT,
            PRIMARY KEY (tenant, grp, data_id)) WITHOUT ROWID;
        """,

        // 2: metadata, gray versions, users and addresses, previous revisions, namespaces, secrets of the server.
        """
        ALTER TABLE history ADD COLUMN gray TEXT NOT NULL DEFAULT '';
        ALTER TABLE history ADD COLUMN gray_expression TEXT;
        ALTER TABLE history ADD COLUMN previous INTEGER;
        ALTER TABLE history ADD COLUMN config_id INTEGER;
        ALTER TABLE history ADD COLUMN user TEXT;
        ALTER TABLE history ADD COLUMN type TEXT;
        ALTER TABLE history ADD COLUMN tags TEXT;
        ALTER TABLE history ADD COLUMN description TEXT;
        ALTER TABLE history ADD COLUMN use TEXT;
        ALTER TABLE history ADD COLUMN effect TEXT;
        ALTER TABLE history ADD COLUMN schema TEXT;
        UPDATE history SET previous = (
            SELECT p.id FROM history p
            WHERE p.tenant = history.tenant AND p.grp = history.grp AND p.data_id = history.data_id AND p.id < history.id
            ORDER BY p.id DESC LIMIT 1);
        UPDATE history SET previous = NULL WHERE previous IN (SELECT id FROM history WHERE kind = 'remove');
        CREATE INDEX history_by_time ON history (changed_at);
        ALTER TABLE current RENAME TO current_1;
        CREATE TABLE current (
            tenant TEXT NOT NULL,
            grp TEXT NOT NULL,
            data_id TEXT NOT NULL,
            gray TEXT NOT NULL,
            id INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            modified_at INTEGER NOT NULL,
            md5 TEXT NOT NULL,
            length INTEGER NOT NULL,
            charset TEXT NOT NULL,
            app_name TEXT NOT NULL,
            encrypted_data_key TEXT,
            type TEXT,
            tags TEXT,
            description TEXT,
            use TEXT,
            effect TEXT,
            schema TEXT,
            gray_expression TEXT,
            dormant INTEGER NOT NULL,
            modified_by TEXT,
            modified_from TEXT NOT NULL,
            PRIMARY KEY (tenant, grp, data_id, gray)) WITHOUT ROWID;
        INSERT INTO current
            SELECT c.tenant, c.grp, c.data_id, '', 1800000000000000000 + c.revision, c.revision, c.modified_at, c.md5, c.length, c.charset,
                c.app_name, c.encrypted_data_key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, h.access_key, coalesce(h.client_address, '')
            FROM current_1 c LEFT JOIN history h ON h.id = c.revision;
        DROP TABLE current_1;
        CREATE TABLE namespaces (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            description TEXT,
            created_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE secrets (
            name TEXT NOT NULL PRIMARY KEY,
            value BLOB NOT NULL) WITHOUT ROWID;
        """,
    ];

    public static int Version => Steps.Length;

    public static IEnumerable<string> StepsFrom(int version) => Steps.Skip(version);
}
