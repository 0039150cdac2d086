using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>Queries and stops the beta version.</summary>
internal sealed class V3Gray(ConfigOperations operations, V3Configs configs, V3ErrorFormat errors)
{
    private const string Path = V3Configs.Path + "/beta";

    public IEnumerable<Route> Routes() =>
    [
        new("GET", Path, errors, call => Task.FromResult(Get(call))),
        new("DELETE", Path, errors, StopAsync) { Access = Access.Write },
    ];

    private Answer Get(NacosCall call)
    {
        KeySlot? slot = operations.Store.Index.FindSlot(V3Call.Key(call));
        if (slot?.Find(GrayRule.BetaName) is not { } entry) throw new FaultException(Fault.NotFound, "Config is not in beta.");

        return Envelope.Success(json =>
        {
            json.WriteStartObject();
            configs.WriteDetail(json, slot, entry);
            json.WriteString("grayName"u8, entry.Rule!.Name);
            json.WriteString("grayRule"u8, NacosJson.Write(rule =>
            {
                rule.WriteStartObject();
                rule.WriteString("type"u8, "beta");
                rule.WriteString("version"u8, "1.0.0");
                rule.WriteString("expr"u8, entry.Rule.Expression);
                rule.WriteNumber("priority"u8, int.MaxValue);
                rule.WriteEndObject();
            }).Span);
            json.WriteEndObject();
        });
    }

    private async Task<Answer> StopAsync(NacosCall call) =>
        await operations.RemoveAsync(V3Call.Key(call), GrayRule.BetaName, call).ConfigureAwait(false)
            ? Envelope.True
            : Envelope.Write(200, 30000, "remove beta data error", static json => json.WriteBooleanValue(false));
}
