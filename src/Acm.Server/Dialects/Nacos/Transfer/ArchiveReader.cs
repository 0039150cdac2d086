using System.IO.Compression;
using System.Text;
using Acm.Server.Storage;
using YamlDotNet.Core;

namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>Reads an archive in either layout, with a limit on the unpacked size.</summary>
internal sealed class ArchiveReader(bool englishTexts)
{
    private const long MaxUnpackedBytes = 64L * 1024 * 1024;
    private const int MaxEntries = 20_000;

    private readonly Dictionary<string, string> _contents = new(StringComparer.Ordinal);
    private long _unpacked;

    public List<TransferItem> Items { get; } = [];

    public List<string> Unrecognized { get; } = [];

    private string NotInMetadata => englishTexts ? "Item not found in metadata: " : "未在元数据中找到: ";

    private string NotInFile => englishTexts ? "Item not found in file: " : "未在文件中找到: ";

    /// <summary>Reads an archive.</summary>
    /// <exception cref="TransferFaultException">The archive contains nothing to import.</exception>
    /// <exception cref="FaultException">The archive is invalid.</exception>
    public void Read(byte[] archive)
    {
        string? metadata = null;
        string? oldMetadata = null;
        var order = new List<string>();
        try
        {
            using var zip = new ZipArchive(new MemoryStream(archive), ZipArchiveMode.Read, leaveOpen: false, Encoding.UTF8);
            if (zip.Entries.Count > MaxEntries) throw new FaultException(Fault.RefusedWrite, $"too many entries, over {MaxEntries}");

            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                if (entry.FullName.EndsWith('/')) continue;

                string text = Unpack(entry);
                if (entry.FullName == Exporter.Metadata) metadata = text;
                else if (entry.FullName == Exporter.OldMetadata) oldMetadata = text;
                else
                {
                    if (!_contents.ContainsKey(entry.FullName)) order.Add(entry.FullName);
                    _contents[entry.FullName] = text;
                }
            }
        }
        catch (InvalidDataException)
        {
            throw TransferFaultException.Empty;
        }

        if (metadata is null) ReadOld(order, oldMetadata);
        else ReadNew(order, metadata);
    }

    private static bool TrySplit(string entry, out string group, out string dataId)
    {
        string[] parts = entry.Split('/');
        bool isGood = parts.Length == 2;
        (group, dataId) = isGood ? (parts[0], parts[1]) : ("", "");
        return isGood;
    }

    private string Unpack(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        while (stream.Read(buffer) is > 0 and int read)
        {
            _unpacked += read;
            if (_unpacked > MaxUnpackedBytes) throw new FaultException(Fault.RefusedWrite, $"the archive holds more than {MaxUnpackedBytes} bytes");

            bytes.Write(buffer, 0, read);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private void ReadOld(List<string> order, string? metadata)
    {
        var applications = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in (metadata ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) applications[line[..equals]] = line[(equals + 1)..].TrimEnd('\r');
        }

        foreach (string name in order)
        {
            if (!TrySplit(name, out string group, out string dataId))
            {
                Unrecognized.Add(name);
                continue;
            }

            string? application = applications.GetValueOrDefault(Exporter.OldName(new ConfigKey("", group, dataId)));
            Items.Add(new TransferItem(group, dataId, _contents[name], null, application, null));
        }

        if (Items.Count == 0) throw TransferFaultException.Empty;
    }

    private void ReadNew(List<string> order, string metadata)
    {
        List<Dictionary<string, string>> rows = Rows(metadata);
        var known = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (Dictionary<string, string> row in rows)
        {
            string group = row.GetValueOrDefault("group", "");
            string dataId = row.GetValueOrDefault("dataId", "");
            if (string.IsNullOrWhiteSpace(group) || string.IsNullOrWhiteSpace(dataId) || string.IsNullOrWhiteSpace(row.GetValueOrDefault("type"))) throw TransferFaultException.BadMetadata;
            known[$"{group}/{dataId}"] = row;
        }

        if (known.Count == 0) throw TransferFaultException.BadMetadata;

        foreach (string name in order)
        {
            if (!TrySplit(name, out string group, out string dataId)) Unrecognized.Add(name);
            else if (!known.TryGetValue(name, out Dictionary<string, string>? row)) Unrecognized.Add(NotInMetadata + name);
            else Items.Add(new TransferItem(group, dataId, _contents[name], row["type"], row.GetValueOrDefault("appName"), row.GetValueOrDefault("desc")));
        }

        if (order.Count == 0) throw TransferFaultException.Empty;

        foreach (string name in known.Keys)
        {
            if (!_contents.ContainsKey(name)) Unrecognized.Add(NotInFile + name);
        }
    }

    private static List<Dictionary<string, string>> Rows(string metadata)
    {
        try
        {
            return Yaml.Rows(metadata);
        }
        catch (YamlException e)
        {
            throw new FaultException(Fault.ServerError, e.Message);
        }
    }
}
