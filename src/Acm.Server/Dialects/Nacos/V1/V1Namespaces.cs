using System.Text.Json;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>The namespace calls of the v1 API. Most errors are a plain <c>false</c>.</summary>
internal sealed class V1Namespaces(NamespaceOperations namespaces, Generation generation, IErrorFormat errors)
{
    private const string Path = "/v1/console/namespaces";
    private const int Quota = 200;

    public IEnumerable<Route> Routes() =>
    [
        new("GET", Path, errors, call => Task.FromResult(List(call))) { Access = Access.None, Filter = NameFilter.None },
        new("GET", Path, errors, call => Task.FromResult(One(call))) { When = "show=all", Access = Access.None, Filter = NameFilter.None },
        new("GET", Path, errors, call => Task.FromResult(Check(call))) { When = "checkNamespaceIdExist=true", Access = Access.None, Filter = NameFilter.None },
        new("POST", Path, errors, call => Task.FromResult(Create(call))) { Access = Access.Admin, Filter = NameFilter.Namespace },
        new("PUT", Path, errors, call => Task.FromResult(Update(call))) { Access = Access.Admin, Filter = NameFilter.None },
        new("DELETE", Path, errors, call => Task.FromResult(Remove(call))) { Access = Access.Admin, Filter = NameFilter.None },
    ];

    /// <summary>Writes a namespace. Nacos 1 writes the description last, and omits it in lists.</summary>
    public static void Write(Utf8JsonWriter json, NamespaceView view, Generation generation, bool inList)
    {
        bool first = generation == Generation.One;
        json.WriteStartObject();
        json.WriteString("namespace"u8, view.Id);
        json.WriteString("namespaceShowName"u8, view.Name);
        if (!first) json.WriteString("namespaceDesc"u8, view.Description);
        json.WriteNumber("quota"u8, Quota);
        json.WriteNumber("configCount"u8, view.ConfigCount);
        json.WriteNumber("type"u8, view.IsPublic ? 0 : generation >= Generation.Three ? 1 : 2);
        if (first && !inList) json.WriteString("namespaceDesc"u8, view.Description);
        json.WriteEndObject();
    }

    private static Answer Bool(NacosCall call, bool value) => V1Answer.Json(call, value ? "true" : "false");

    private Answer List(NacosCall call) => V1Answer.Result(call, generation, 200, null, json =>
    {
        json.WriteStartArray();
        foreach (NamespaceView view in namespaces.All()) Write(json, view, generation, inList: true);
        json.WriteEndArray();
    });

    private Answer One(NacosCall call)
    {
        string id = call.Required("namespaceId");
        NamespaceView view = namespaces.Find(id) ?? throw new FaultException(Fault.ServerError, $"namespaceId [ {id} ] not exist");
        return V1Answer.Json(call, json => Write(json, view, generation, inList: false));
    }

    private Answer Check(NacosCall call)
    {
        string id = call.Required("customNamespaceId");
        return Bool(call, ConfigOperations.Tenant(id).Length > 0 && namespaces.Exists(id));
    }

    private Answer Create(NacosCall call)
    {
        string id = call.Required("customNamespaceId");
        string name = call.Required("namespaceName");
        if (generation > Generation.One && string.IsNullOrWhiteSpace(name)) return Bool(call, false);

        return Try(call, () => namespaces.Create(id, name, call["namespaceDesc"]));
    }

    private Answer Update(NacosCall call)
    {
        string id = call.Required("namespace");
        string name = call.Required("namespaceShowName");
        return Try(call, () => namespaces.Update(id, name, call["namespaceDesc"]));
    }

    private Answer Remove(NacosCall call)
    {
        namespaces.Remove(call.Required("namespaceId"));
        return Bool(call, true);
    }

    private static Answer Try(NacosCall call, Action change)
    {
        try
        {
            change();
            return Bool(call, true);
        }
        catch (FaultException fault) when (fault.Fault is Fault.IllegalNamespace or Fault.NamespaceExists)
        {
            return Bool(call, false);
        }
    }
}
