using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acm.Client.Local;

/// <summary>Stores what a connection detected about its servers beside their snapshots, so that these can be read while no server is reachable. Thread-safe.</summary>
internal sealed class ServerMemory
{
    private const string FileName = "server.json";
    private const string TypeField = "type";
    private const string NamespacesField = "namespaces";

    private readonly object _gate = new();
    private readonly JsonObject _root;
    private readonly string _path;
    private readonly string _endpoint;

    /// <param name="folder">The snapshot folder; it need not exist.</param>
    /// <param name="endpoint">The endpoint, because connections to different servers may share the folder.</param>
    public ServerMemory(string folder, string endpoint)
    {
        _path = Path.Combine(folder, FileName);
        _endpoint = endpoint;
        _root = Read(_path) ?? new JsonObject();
    }

    /// <summary>Gets the server type; null if it was not detected yet.</summary>
    public AcmServerType? ServerType
    {
        get
        {
            lock (_gate)
            {
                return Text(_root, TypeField) switch
                {
                    nameof(AcmServerType.Acm) => AcmServerType.Acm,
                    nameof(AcmServerType.Nacos) => AcmServerType.Nacos,
                    _ => null,
                };
            }
        }
    }

    /// <summary>Returns the namespace ID that a text resolved to; null if unknown.</summary>
    public string? NamespaceId(string text)
    {
        lock (_gate) return _root[NamespacesField] is JsonObject all && all[_endpoint] is JsonObject namespaces ? Text(namespaces, text) : null;
    }

    /// <summary>Stores the server type.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.StorageFailed"/>: the folder cannot be written to.</exception>
    public void Keep(AcmServerType type) => Keep(_root, TypeField, type.ToString());

    /// <summary>Stores the namespace ID that a text resolved to.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.StorageFailed"/>: the folder cannot be written to.</exception>
    public void KeepNamespace(string text, string id)
    {
        lock (_gate)
        {
            if (_root[NamespacesField] is not JsonObject all) _root[NamespacesField] = all = new JsonObject();
            if (all[_endpoint] is not JsonObject namespaces) all[_endpoint] = namespaces = new JsonObject();
            Keep(namespaces, text, id);
        }
    }

    private static string? Text(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static JsonObject? Read(string path)
    {
        try
        {
            return LocalFile.Read(path) is { Length: > 0 } bytes ? JsonNode.Parse(bytes) as JsonObject : null;
        }
        catch (Exception e) when (LocalFile.IsRefusal(e) || e is JsonException)
        {
            // A damaged file is ignored; it is written again after the next detection.
            return null;
        }
    }

    private void Keep(JsonObject place, string name, string value)
    {
        lock (_gate)
        {
            if (Text(place, name) == value) return;

            place[name] = value;
            try
            {
                AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(_root), flush: false);
            }
            catch (Exception e) when (LocalFile.IsRefusal(e))
            {
                throw new AcmException(AcmErrorKind.StorageFailed, $"'{_path}' could not be written: {e.Message}", e);
            }
        }
    }
}
