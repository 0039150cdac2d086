using System.Text.Json;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>The namespace calls of the v3 admin API.</summary>
internal sealed class V3Namespaces(NamespaceOperations namespaces, V3ErrorFormat errors)
{
    private const string Path = "/v3/admin/core/namespace";
    private const int Quota = 200;

    public IEnumerable<Route> Routes() =>
    [
        Route("GET", Path, Get),
        Route("GET", Path + "/list", _ => List()),
        Route("GET", Path + "/check", Check),
        Route("POST", Path, Create),
        Route("PUT", Path, Update),
        Route("DELETE", Path, Remove),
    ];

    private Route Route(string method, string path, Func<NacosCall, Answer> answer) =>
        new(method, path, errors, call => Task.FromResult(answer(call))) { Access = Access.Admin, Filter = NameFilter.None };

    private Answer List() => Envelope.Success(json =>
    {
        json.WriteStartArray();
        foreach (NamespaceView view in namespaces.All()) Write(json, view.Id, view);
        json.WriteEndArray();
    });

    private Answer Get(NacosCall call)
    {
        string id = call.Required("namespaceId");
        NamespaceView view = namespaces.Find(id) ?? throw NotFound(id);
        return Envelope.Success(json => Write(json, id, view));
    }

    private Answer Check(NacosCall call)
    {
        // Nacos 3.0.3 returns 0 for the public namespace.
        bool isThere = namespaces.Find(call.Required("namespaceId")) is { IsPublic: false };
        return Envelope.Success(json => json.WriteNumberValue(isThere ? 1 : 0));
    }

    private Answer Create(NacosCall call)
    {
        string id = call.Required("namespaceId");
        string name = call.Required("namespaceName");
        if (string.IsNullOrWhiteSpace(name)) throw new FaultException(Fault.IllegalNamespace, $"namespaceName [{name}] contains illegal char");

        namespaces.Create(id, name, call["namespaceDesc"]);
        return Envelope.True;
    }

    private Answer Update(NacosCall call)
    {
        string id = call.Required("namespaceId");
        return namespaces.Update(id, call.Required("namespaceName"), call["namespaceDesc"]) ? Envelope.True : throw NotFound(id);
    }

    private Answer Remove(NacosCall call)
    {
        namespaces.Remove(call.Required("namespaceId"));
        return Envelope.True;
    }

    private static FaultException NotFound(string id) => new(Fault.NamespaceNotFound, $"namespaceId [ {id} ] not exist");

    private static void Write(Utf8JsonWriter json, string id, NamespaceView view)
    {
        json.WriteStartObject();
        json.WriteString("namespace"u8, id);
        json.WriteString("namespaceShowName"u8, view.Name);
        json.WriteString("namespaceDesc"u8, view.Description);
        json.WriteNumber("quota"u8, Quota);
        json.WriteNumber("configCount"u8, view.ConfigCount);
        json.WriteNumber("type"u8, view.IsPublic ? 0 : 1);
        json.WriteEndObject();
    }
}
