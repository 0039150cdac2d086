using System.IO.Compression;
using System.Text.Json;
using Acm.Server.Dialects.Nacos.Transfer;
using Acm.Server.Dialects.Nacos.V1;
using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>Export, import and clone in the v3 admin API.</summary>
internal sealed class V3Transfer(ConfigOperations operations, TransferOperations transfer, V3ErrorFormat errors)
{
    private const int NamespaceNotFound = 22001;
    private const int NothingToImport = 100005;

    public IEnumerable<Route> Routes() =>
    [
        new("GET", V3Configs.Path + "/export", errors, call => Task.FromResult(Export(call))),
        new("POST", V3Configs.Path + "/import", errors, ImportAsync) { Access = Access.Write, Filter = NameFilter.None },
        new("POST", V3Configs.Path + "/clone", errors, CloneAsync) { Access = Access.Write, Filter = NameFilter.None },
    ];

    private Answer Export(NacosCall call)
    {
        NameRules.FilterNames(dataId: null, call.Parameters.First("groupName"), @namespace: null);
        var query = new ConfigQuery
        {
            Tenant = TextMatch.Equal(call.Tenant),
            Group = TextMatch.Optional(call["groupName"], isPattern: false),
            DataId = TextMatch.Optional(call["dataId"], isPattern: true),
            AppName = TextMatch.Optional(call["appName"], isPattern: false),
        };
        long[] ids = Ids.Parse(call["ids"] ?? throw new FaultException(Fault.WrongType, "ids is missing"));
        return V1Transfer.Archive(operations, transfer.Select(call, ids, query), oldLayout: false);
    }

    private Task<Answer> ImportAsync(NacosCall call) => AnswerAsync(async () =>
    {
        byte[]? file = await TransferOperations.FileAsync(call).ConfigureAwait(false);
        ConflictPolicy policy = TransferOperations.Policy(call["policy"]);

        // The namespace may be a part of the form, which was not parsed when permissions were checked.
        call.CheckAccess(isWrite: true, call.Tenant);
        if (file is null) throw TransferFaultException.NoFile;
        if (!HasMetadata(file)) throw new FaultException(Fault.WrongType, $"The archive has no {Exporter.Metadata}");

        return await transfer.ImportAsync(call, file, call.Tenant, policy, call["src_user"]).ConfigureAwait(false);
    });

    private Task<Answer> CloneAsync(NacosCall call) => AnswerAsync(() =>
    {
        List<(long, string, string)> items = TransferOperations.CloneItems(call, "configId", "targetGroupName", "targetDataId");
        string target = call.RequiredTenant();
        return transfer.CloneAsync(call, items, target, TransferOperations.Policy(call["policy"]), call["src_user"]);
    });

    private static bool HasMetadata(byte[] file)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file));
            return archive.Entries.Any(entry => entry.FullName == Exporter.Metadata);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private async Task<Answer> AnswerAsync(Func<Task<TransferCounts>> run)
    {
        try
        {
            TransferCounts counts = await run().ConfigureAwait(false);
            return Envelope.Success(json => counts.Write(json, operations.Generation));
        }
        catch (TransferFaultException fault)
        {
            bool isNamespace = fault.Code == TransferFaultException.NoNamespace.Code;
            return Envelope.Write(200, isNamespace ? NamespaceNotFound : fault.Code, Text(fault.Code), json => WriteNothing(json, hasCount: !fault.CountsNothing));
        }
    }

    private static string Text(int code) => code switch
    {
        100001 => "namespace not exist",
        100002 => "Imported metadata is invalid",
        NothingToImport => "Imported file data is empty",
        _ => "No configuration selected",
    };

    private static void WriteNothing(Utf8JsonWriter json, bool hasCount)
    {
        json.WriteStartObject();
        if (hasCount) json.WriteNumber("succCount"u8, 0);
        json.WriteEndObject();
    }
}
