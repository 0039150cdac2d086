using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acm.Client.Local;

/// <summary>What a connection found out about its servers, kept beside their snapshots, so that these are read the same way while no server can be asked. Thread-safe.</summary>
internal sealed class ServerMemory
{
    private const string FileName = "server.json";
    private const string TypeField = "type";
    private const string NamespacesField = "namespaces";

    private readonly object _gate = new();
    private readonly JsonObject _root;
    private readonly string _path;
    private readonly string _endpoint;

    /// <param name="folder">The snapshot folder. It need not exist.</param>
    /// <param name="endpoint">The address of the servers: connections to others may share the folder, and have namespaces of their own.</param>
    public ServerMemory(string folder, string endpoint)
    {
        _path = Path.Combine(folder, FileName);
        _endpoint = endpoint;
        _root = Read(_path) ?? new JsonObject();
    }

    /// <summary>The kind of server; null where none was found yet.</summary>
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

    /// <summary>The ID of the namespace that a text stood for; null where that is not known.</summary>
    public string? NamespaceId(string text)
    {
        lock (_gate) return _root[NamespacesField] is JsonObject all && all[_endpoint] is JsonObject namespaces ? Text(namespaces, text) : null;
    }

    /// <summary>Keeps the kind of server.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.StorageFailed"/>: the folder can't be written to.</exception>
    public void Keep(AcmServerType type) => Keep(_root, TypeField, type.ToString());

    /// <summary>Keeps the ID of the namespace that a text stands for.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.StorageFailed"/>: the folder can't be written to.</exception>
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
            // A damaged memory is none: the first server that answers tells it again.
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
