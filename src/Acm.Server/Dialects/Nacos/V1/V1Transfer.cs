using System.Globalization;
using Acm.Server.Dialects.Nacos.Transfer;
using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>Export, import and clone in the v1 API.</summary>
internal sealed class V1Transfer(ConfigOperations operations, TransferOperations transfer, IErrorFormat errors)
{
    private Generation Generation => operations.Generation;

    public IEnumerable<Route> Routes() =>
    [
        new("GET", V1Configs.Path, errors, call => Task.FromResult(Export(call, oldLayout: false))) { When = "exportV2=true" },
        new("GET", V1Configs.Path, errors, call => Task.FromResult(Export(call, oldLayout: true))) { When = "export=true" },
        new("POST", V1Configs.Path, errors, ImportAsync) { When = "import=true", NamespaceParameter = "namespace", Access = Access.Write },
        new("POST", V1Configs.Path, errors, CloneAsync) { When = "clone=true", Access = Access.Write },
    ];

    /// <summary>Returns the response with an archive.</summary>
    public static Answer Archive(ConfigOperations operations, IReadOnlyList<KeySlot> slots, bool oldLayout) => new()
    {
        ContentType = operations.Generation >= Generation.Three ? "application/octet-stream" : "application/octet-stream;charset=UTF-8",
        Headers = [("Content-Disposition", $"attachment;filename=nacos_config_export_{DateTime.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}.zip")],
        Stream = (output, cancellationToken) => Exporter.WriteAsync(output, operations, slots, oldLayout, cancellationToken),
    };

    private Answer Export(NacosCall call, bool oldLayout)
    {
        string ids = call["ids"] ?? throw new FaultException(Fault.ServerError, "Cannot invoke \"java.util.List.removeAll(java.util.Collection)\" because \"ids\" is null");
        var query = new ConfigQuery
        {
            Tenant = TextMatch.Equal(call.Tenant),
            Group = TextMatch.Optional(call["group"], isPattern: false),
            DataId = TextMatch.Optional(call["dataId"], isPattern: true),
            AppName = TextMatch.Optional(call["appName"], isPattern: false),
        };
        return Archive(operations, transfer.Select(call, Ids.Parse(ids), query), oldLayout);
    }

    private Task<Answer> ImportAsync(NacosCall call) => AnswerAsync(call, Generation == Generation.One ? "导入成功" : "import success", async () =>
    {
        byte[]? file = await TransferOperations.FileAsync(call).ConfigureAwait(false);

        // The namespace may be a part of the form, which was not parsed when permissions were checked.
        call.CheckAccess(isWrite: true, call.Tenant);
        return await transfer.ImportAsync(call, file, call.Tenant, TransferOperations.Policy(call["policy"]), call["src_user"]).ConfigureAwait(false);
    });

    private Task<Answer> CloneAsync(NacosCall call) => AnswerAsync(call, "Clone Completed Successfully", () =>
    {
        string target = call.RequiredTenant();
        ConflictPolicy policy = TransferOperations.Policy(call["policy"]);
        return transfer.CloneAsync(call, TransferOperations.CloneItems(call, "cfgId", "group", "dataId"), target, policy, call["src_user"]);
    });

    private async Task<Answer> AnswerAsync(NacosCall call, string message, Func<Task<TransferCounts>> run)
    {
        try
        {
            TransferCounts counts = await run().ConfigureAwait(false);
            return V1Answer.Result(call, Generation, 200, message, json => counts.Write(json, Generation));
        }
        catch (TransferFaultException fault)
        {
            return V1Answer.Result(call, Generation, fault.Code, fault.Message, json =>
            {
                json.WriteStartObject();
                if (!fault.CountsNothing) json.WriteNumber("succCount"u8, 0);
                json.WriteEndObject();
            });
        }
    }
}
