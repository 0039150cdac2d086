using System.Text.Json;
using System.Text.Json.Nodes;
using Acm.Client.Local;
using Acm.Client.Text;

namespace Acm.Client.Profiles;

/// <summary>
/// Reads the configuration file of the Python command line (acm-sdk-python 0.4.10, <c>~/.acm.json</c>): endpoints with namespaces. It contains
/// secrets in plain text and is never written to.
/// </summary>
public sealed class PythonCliFile
{
    private const string EndpointsField = "endpoints";
    private const string NamespacesField = "namespaces";

    private readonly JsonLines _lines;
    private readonly List<PythonCliEntry> _entries = [];

    private PythonCliFile(string path, JsonLines lines)
    {
        Path = path;
        _lines = lines;
    }

    /// <summary>Gets the path of the file.</summary>
    public string Path { get; }

    /// <summary>Gets the namespaces, in the order of the file.</summary>
    public IReadOnlyList<PythonCliEntry> Entries => _entries;

    /// <summary>Reads a file.</summary>
    /// <returns>The file; null if it does not exist.</returns>
    /// <exception cref="AcmException">
    /// <see cref="AcmErrorKind.InvalidProfile"/>: the format is not that of the Python command line; the message names the line. <see cref="AcmErrorKind.StorageFailed"/>: it
    /// cannot be read.
    /// </exception>
    public static PythonCliFile? Read(string path)
    {
        byte[]? bytes;
        try
        {
            bytes = LocalFile.Read(path);
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            throw new AcmException(AcmErrorKind.StorageFailed, $"The file '{path}' can't be read: {e.Message}", e);
        }

        return bytes is null ? null : Parse(path, StrictUtf8.WithoutByteOrderMark(bytes));
    }

    private static PythonCliFile Parse(string path, byte[] json)
    {
        JsonLines lines;
        try
        {
            lines = JsonLines.Of(json);
        }
        catch (JsonException e)
        {
            // The inner exception is dropped: its message may quote a secret.
            throw Damaged(path, (int)(e.LineNumber ?? 0) + 1, "is not valid JSON, or has a duplicate name");
        }

        var file = new PythonCliFile(path, lines);
        if (JsonNode.Parse(json) is not JsonObject root || root[EndpointsField] is not JsonObject endpoints) throw file.Fault($"has no object \"{EndpointsField}\"", EndpointsField);

        foreach (KeyValuePair<string, JsonNode?> endpoint in endpoints) file.AddEndpoint(endpoint.Key, endpoint.Value);
        return file;
    }

    private static AcmException Damaged(string path, int line, string problem) => new(AcmErrorKind.InvalidProfile, $"The file '{path}' {problem}, on line {line}.")
    {
        Advice = "Expected a file of the Python command line, such as ~/.acm.json. Nothing was imported.",
    };

    private void AddEndpoint(string endpoint, JsonNode? node)
    {
        string[] path = [EndpointsField, endpoint];
        if (node is not JsonObject json) throw Fault("has an endpoint that is not an object", path);
        if (json[NamespacesField] is not JsonObject namespaces) throw Fault($"has an endpoint without an object \"{NamespacesField}\"", path);

        foreach (KeyValuePair<string, JsonNode?> one in namespaces)
        {
            string[] below = [.. path, NamespacesField, one.Key];
            if (one.Value is not JsonObject entry) throw Fault("has a namespace that is not an object", below);

            bool isUsed = Switch(json, "is_current", path);
            _entries.Add(new PythonCliEntry
            {
                Endpoint = endpoint,
                Namespace = NamespaceName.Normalize(one.Key),
                Alias = Text(entry, "alias", below),
                UseTls = Switch(json, "tls", path),
                UseKms = Switch(json, "kms_enabled", path),
                RegionId = Text(json, "region_id", path),
                AccessKey = Text(entry, "ak", below),
                SecretKey = Text(entry, "sk", below),
                RamRoleName = Text(entry, "ram_role_name", below),
                KmsAccessKey = Text(entry, "kms_ak", below),
                KmsSecretKey = Text(entry, "kms_secret", below),
                KmsKeyId = Text(entry, "key_id", below),
                IsCurrent = Switch(entry, "is_current", below) && isUsed,
            });
        }
    }

    // Python writes null or an empty text for missing values.
    private string? Text(JsonObject json, string field, string[] path) => json[field] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text.Length == 0 ? null : text,
        _ => throw Fault($"has a \"{field}\" that is not text", [.. path, field]),
    };

    private bool Switch(JsonObject json, string field, string[] path) => json[field] switch
    {
        null => false,
        JsonValue value when value.TryGetValue(out bool on) => on,
        _ => throw Fault($"has a \"{field}\" that is neither true nor false", [.. path, field]),
    };

    private AcmException Fault(string problem, params string[] path) => Damaged(Path, _lines.LineOf(path), problem);
}
