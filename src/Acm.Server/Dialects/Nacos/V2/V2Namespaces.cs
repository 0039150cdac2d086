using Acm.Server.Dialects.Nacos.V1;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V2;

/// <summary>The namespace calls of the v2 API.</summary>
internal sealed class V2Namespaces(NamespaceOperations namespaces, Generation generation, IErrorFormat errors)
{
    private const string Path = "/v2/console/namespace";

    public IEnumerable<Route> Routes() =>
    [
        new("GET", Path + "/list", errors, _ => Task.FromResult(List())) { Access = Access.None, Filter = NameFilter.None },
        new("GET", Path, errors, call => Task.FromResult(One(call))) { Access = Access.None, Filter = NameFilter.None },
        new("POST", Path, errors, call => Task.FromResult(Create(call))) { Access = Access.Admin, Filter = NameFilter.Namespace },
        new("PUT", Path, errors, call => Task.FromResult(Update(call))) { Access = Access.Admin, Filter = NameFilter.Namespace },
        new("DELETE", Path, errors, call => Task.FromResult(Remove(call))) { Access = Access.Admin, Filter = NameFilter.None },
    ];

    private Answer List() => Envelope.Success(json =>
    {
        json.WriteStartArray();
        foreach (NamespaceView view in namespaces.All()) V1Namespaces.Write(json, view, generation, inList: true);
        json.WriteEndArray();
    });

    private Answer One(NacosCall call)
    {
        string id = call.Required("namespaceId");
        NamespaceView view = namespaces.Find(id) ?? throw new FaultException(Fault.NamespaceNotFound, $"namespaceId [ {id} ] not exist");
        return Envelope.Success(json => V1Namespaces.Write(json, view, generation, inList: false));
    }

    private Answer Create(NacosCall call)
    {
        string id = call.Required("namespaceId");
        string name = call.Required("namespaceName");
        if (string.IsNullOrWhiteSpace(name)) throw new FaultException(Fault.IllegalNamespace, $"namespaceName [{name}] contains illegal char");

        try
        {
            namespaces.Create(id, name, call["namespaceDesc"]);
        }
        catch (FaultException fault) when (fault.Fault == Fault.NamespaceExists)
        {
            throw new FaultException(Fault.IllegalNamespace, $"the namespaceId is existed, namespaceId: {id}");
        }

        return Envelope.True;
    }

    // Nacos 2 ignores an unknown namespace.
    private Answer Update(NacosCall call)
    {
        string id = call.Required("namespaceId");
        string name = call.Required("namespaceName");
        namespaces.Update(id, name, call["namespaceDesc"]);
        return Envelope.True;
    }

    private Answer Remove(NacosCall call)
    {
        namespaces.Remove(call.Required("namespaceId"));
        return Envelope.True;
    }
}
