using System.Globalization;
using System.Text.Json;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>The server calls of the v1 API: state, health, and the server as the only member of its cluster.</summary>
internal sealed class V1Server(ServerFacts facts, IErrorFormat errors)
{
    private const string Text = "text/plain;charset=UTF-8";

    /// <summary>Returns the routes that every generation has.</summary>
    public IEnumerable<Route> CommonRoutes() =>
    [
        Open("/v1/ns/operator/metrics", Up),
        Open("/actuator/health", static _ => new Answer { ContentType = "application/vnd.spring-boot.actuator.v3+json", Body = "{\"status\":\"UP\"}"u8.ToArray() }),
    ];

    public IEnumerable<Route> Routes() =>
    [
        Open("/v1/console/server/state", State),
        Open("/v1/console/health/liveness", static _ => Answer.Text(200, "OK", Text)),
        Open("/v1/console/health/readiness", static _ => Answer.Text(200, "OK", Text)),
        Open("/v1/cs/health", static _ => Answer.Text(200, "UP", Text)),
        Read("/v1/core/cluster/nodes", call => Result(call, json =>
        {
            json.WriteStartArray();
            WriteMember(json, call, facts.Generation);
            json.WriteEndArray();
        })),
        Read("/v1/core/cluster/self", call => Result(call, json => WriteMember(json, call, facts.Generation))),
        Read("/v1/core/cluster/simple/nodes", call => Result(call, json =>
        {
            json.WriteStartArray();
            json.WriteStringValue(Address(call));
            json.WriteEndArray();
        })),
        Read("/v1/core/cluster/health", call => Result(call, json => json.WriteStringValue("UP"))),
    ];

    private static string Address(NacosCall call) => string.Create(CultureInfo.InvariantCulture, $"{Ip(call)}:{call.Request.HttpContext.Connection.LocalPort}");

    private static string Ip(NacosCall call)
    {
        return RequestHost.Unmap(call.Request.HttpContext.Connection.LocalIpAddress ?? System.Net.IPAddress.Loopback).ToString();
    }

    private Answer Up(NacosCall call) => V1Answer.Json(call, facts.Generation == Generation.One
        ? """{"serviceCount":0,"load":0,"mem":0,"responsibleServiceCount":0,"instanceCount":0,"cpu":0,"status":"UP","responsibleInstanceCount":0,"raftNotifyTaskCount":0}"""
        : """{"status":"UP"}""");

    private Route Open(string path, Func<NacosCall, Answer> handler) =>
        new("GET", path, errors, call => Task.FromResult(handler(call))) { Access = Access.None, Filter = NameFilter.None };

    private Route Read(string path, Func<NacosCall, Answer> handler) => Open(path, handler) with { Access = Access.Admin };

    private Answer Result(NacosCall call, Action<Utf8JsonWriter> write) => V1Answer.Result(call, facts.Generation, 200, null, write);

    private Answer State(NacosCall call) =>
        V1Answer.Json(call, json => ServerState.Write(json, ServerState.Members(facts, call.Request.HttpContext.Connection.LocalPort)));

    /// <summary>Writes this server as a member of a cluster.</summary>
    public static void WriteMember(Utf8JsonWriter json, NacosCall call, Generation generation)
    {
        json.WriteStartObject();
        json.WriteString("ip"u8, Ip(call));
        json.WriteNumber("port"u8, call.Request.HttpContext.Connection.LocalPort);
        json.WriteString("state"u8, "UP");
        json.WriteStartObject("extendInfo"u8);
        json.WriteNumber("lastRefreshTime"u8, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        json.WriteString("version"u8, ServerState.Version(generation));
        json.WriteEndObject();
        json.WriteString("address"u8, Address(call));
        json.WriteNumber("failAccessCnt"u8, 0);
        json.WriteEndObject();
    }
}
