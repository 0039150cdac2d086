using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>Queries and stops the beta version.</summary>
internal sealed class V1Gray(ConfigOperations operations, IErrorFormat errors)
{
    private Generation Generation => operations.Generation;

    public IEnumerable<Route> Routes() =>
    [
        new("GET", V1Configs.Path, errors, call => Task.FromResult(Query(call))) { When = "beta=true" },
        new("DELETE", V1Configs.Path, errors, StopAsync) { When = "beta=true", Access = Access.Write },
    ];

    private Answer Query(NacosCall call)
    {
        ConfigKey key = KeyOf(call);
        ConfigEntry? beta = operations.Store.Index.FindSlot(key)?.Find(GrayRule.BetaName);
        return V1Answer.Result(call, Generation, 200, Generation == Generation.One ? "stop beta ok" : "query beta ok", json =>
        {
            if (beta is null)
            {
                json.WriteNullValue();
                return;
            }

            (byte[] content, string md5) = operations.Read(beta);
            bool first = Generation == Generation.One;
            json.WriteStartObject();
            json.WriteString("id"u8, Ids.Text(beta.Id));
            json.WriteString("dataId"u8, key.DataId);
            json.WriteString("group"u8, key.Group);
            json.WriteString("content"u8, content);
            json.WriteString("md5"u8, first ? null : md5);
            if (!first) json.WriteNull("encryptedDataKey"u8);
            json.WriteString("tenant"u8, operations.NameOf(key.Tenant));
            json.WriteString("appName"u8, beta.Metadata.AppName);
            json.WriteNull("type"u8);
            json.WriteString("betaIps"u8, beta.Rule!.Expression);
            json.WriteEndObject();
        });
    }

    private async Task<Answer> StopAsync(NacosCall call)
    {
        bool wasThere = await operations.RemoveAsync(KeyOf(call), GrayRule.BetaName, call).ConfigureAwait(false);
        return wasThere || Generation == Generation.One
            ? V1Answer.Result(call, Generation, 200, "stop beta ok", json => json.WriteBooleanValue(true))
            : V1Answer.Result(call, Generation, 500, "remove beta data error", json => json.WriteBooleanValue(false));
    }

    private static ConfigKey KeyOf(NacosCall call)
    {
        string dataId = call.Required("dataId");
        string group = call.Required("group");
        return new ConfigKey(call.Tenant, group, dataId);
    }
}
