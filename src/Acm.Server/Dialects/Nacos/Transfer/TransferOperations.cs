using System.Globalization;
using System.Text;
using System.Text.Json;
using Acm.Server.Storage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>Export, import and clone, which all versions of the API share.</summary>
internal sealed class TransferOperations(ConfigOperations operations, NamespaceOperations namespaces)
{
    private const int MaxFileBytes = 1024 * 1024;

    /// <summary>The maximum number of concurrent imports and clones, each of which may use 64 MB.</summary>
    private const int MaxAtOnce = 2;

    private static readonly string[] Policies = ["ABORT", "SKIP", "OVERWRITE"];

    private int _running;

    /// <summary>Selects the configurations of an export by IDs, or by names if there are no IDs.</summary>
    /// <exception cref="FaultException">The user lacks a permission.</exception>
    public IReadOnlyList<KeySlot> Select(NacosCall call, long[] ids, ConfigQuery query)
    {
        if (ids.Length == 0) return operations.Store.Search(query).Items;

        KeySlot[] slots = [.. ids.Distinct().Select(operations.Store.Index.FindById).OfType<KeySlot>()];
        foreach (KeySlot slot in slots)
        {
            call.CheckAccess(isWrite: false, slot.Key.Tenant);
            operations.Limits.Count(call, isWrite: false, slot.Key);
        }

        return slots;
    }

    /// <summary>Parses a policy; empty means <see cref="ConflictPolicy.Abort"/>.</summary>
    /// <exception cref="FaultException">The policy is unknown.</exception>
    public static ConflictPolicy Policy(string? text)
    {
        if (string.IsNullOrEmpty(text)) return ConflictPolicy.Abort;

        int index = Array.IndexOf(Policies, text);
        return index >= 0 ? (ConflictPolicy)index : throw new FaultException(Fault.WrongType, $"Failed to convert value of type 'java.lang.String' to required type 'SameConfigPolicy'; No enum constant {text}");
    }

    /// <summary>Returns the archive of a multipart form; null if there is none. The other parts of the form become parameters.</summary>
    /// <exception cref="FaultException">The archive is too large.</exception>
    public static async Task<byte[]?> FileAsync(NacosCall call)
    {
        if (!MediaTypeHeaderValue.TryParse(call.Request.ContentType, out MediaTypeHeaderValue? type) || !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)) return null;
        if (call.IsBodyTooLarge) throw new FaultException(Fault.UploadTooLarge, "Maximum upload size exceeded");

        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length == 0) return null;

        byte[]? file = null;
        var reader = new MultipartReader(boundary, new MemoryStream(call.Body.ToArray()));
        try
        {
            while (await reader.ReadNextSectionAsync(call.ClientGone).ConfigureAwait(false) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition)) continue;

                using var content = new MemoryStream();
                await section.Body.CopyToAsync(content, call.ClientGone).ConfigureAwait(false);
                string name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
                if (name == "file" && disposition.FileName.HasValue) file = content.ToArray();
                else call.Parameters.Add(name, Encoding.UTF8.GetString(content.ToArray()));
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return null;
        }

        return file?.Length > MaxFileBytes ? throw new FaultException(Fault.UploadTooLarge, "Maximum upload size exceeded") : file;
    }

    /// <summary>Imports an archive.</summary>
    /// <exception cref="TransferFaultException">The archive or the target is unusable.</exception>
    /// <exception cref="FaultException">A name, value or permission is invalid.</exception>
    public Task<TransferCounts> ImportAsync(NacosCall call, byte[]? file, string target, ConflictPolicy policy, string? user) =>
        LimitAsync(() => ReadAndWriteAsync(call, file, target, policy, user));

    private async Task<TransferCounts> ReadAndWriteAsync(NacosCall call, byte[]? file, string target, ConflictPolicy policy, string? user)
    {
        if (file is null) throw TransferFaultException.NoFile;
        if (!namespaces.Exists(target)) throw TransferFaultException.NoNamespace;
        if (file.Length == 0) throw TransferFaultException.Empty;

        var archive = new ArchiveReader(englishTexts: operations.Generation >= Generation.Three);
        archive.Read(file);
        TransferCounts counts = await WriteAsync(call, archive.Items, target, policy, user).ConfigureAwait(false);
        counts.Unrecognized.AddRange(archive.Unrecognized);
        return counts;
    }

    /// <summary>Parses the JSON body of a clone: the IDs and new names of the configurations.</summary>
    /// <param name="call">The request.</param>
    /// <param name="id">The name of the member with the ID.</param>
    /// <param name="group">The name of the member with the new group.</param>
    /// <param name="dataId">The name of the member with the new data ID.</param>
    /// <exception cref="FaultException">The body is not a list of items.</exception>
    public static List<(long Id, string Group, string DataId)> CloneItems(NacosCall call, string id, string group, string dataId)
    {
        if (!MediaTypeHeaderValue.TryParse(call.Request.ContentType, out MediaTypeHeaderValue? type) || !type.MediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            throw new FaultException(Fault.UnsupportedMediaType, $"Content type '{call.Request.ContentType}' not supported");
        }

        try
        {
            using var document = JsonDocument.Parse(call.Body);
            return [.. document.RootElement.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => (Number(item, id), Text(item, group), Text(item, dataId)))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new FaultException(Fault.UnreadableBody, $"JSON parse error: {e.Message}");
        }
    }

    /// <summary>Clones configurations into a namespace.</summary>
    /// <exception cref="TransferFaultException">The selection or the target is unusable.</exception>
    /// <exception cref="FaultException">A name, value or permission is invalid.</exception>
    public Task<TransferCounts> CloneAsync(NacosCall call, List<(long Id, string Group, string DataId)> selected, string target, ConflictPolicy policy, string? user) =>
        LimitAsync(() => CopyAsync(call, selected, target, policy, user));

    private async Task<TransferCounts> CopyAsync(NacosCall call, List<(long Id, string Group, string DataId)> selected, string target, ConflictPolicy policy, string? user)
    {
        if (selected.Count == 0) throw TransferFaultException.NothingSelected;
        if (!namespaces.Exists(target)) throw TransferFaultException.NoNamespace;

        // The same configuration may be cloned under many names.
        ConfigOperations.CheckAnswerSize(selected.Select(item => operations.Store.Index.FindById(item.Id)).OfType<KeySlot>(), "clone fewer at once");
        var items = new List<TransferItem>();
        foreach ((long id, string group, string dataId) in selected)
        {
            if (operations.Store.Index.FindById(id) is not { Current: { } entry } slot) continue;

            call.CheckAccess(isWrite: false, slot.Key.Tenant);
            operations.Limits.Count(call, isWrite: false, slot.Key);
            items.Add(new TransferItem(
                string.IsNullOrWhiteSpace(group) ? slot.Key.Group : group,
                string.IsNullOrWhiteSpace(dataId) ? slot.Key.DataId : dataId,
                operations.Store.Text(entry), entry.Metadata.Type, entry.Metadata.AppName, entry.Metadata.Description)
            {
                EncryptedDataKey = entry.Metadata.EncryptedDataKey,
            });
        }

        return items.Count == 0 ? throw TransferFaultException.Empty : await WriteAsync(call, items, target, policy, user).ConfigureAwait(false);
    }

    // The size of the request does not limit memory, because a small archive may unpack to much data.
    private async Task<TransferCounts> LimitAsync(Func<Task<TransferCounts>> run)
    {
        try
        {
            return Interlocked.Increment(ref _running) <= MaxAtOnce ? await run().ConfigureAwait(false) : throw new FaultException(Fault.Throttled, "too many imports and clones at once, try again");
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <exception cref="FormatException">The member is not a 64-bit integer.</exception>
    private static long Number(JsonElement item, string name)
    {
        if (!item.TryGetProperty(name, out JsonElement value)) return 0;
        if (value.ValueKind != JsonValueKind.String) return value.GetInt64();

        return long.TryParse(value.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) ? number : throw new FormatException($"'{name}' is not a number.");
    }

    private static string Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private async Task<TransferCounts> WriteAsync(NacosCall call, List<TransferItem> items, string target, ConflictPolicy policy, string? user)
    {
        // All items are checked before the first write, so that an invalid one does not leave a partial import.
        foreach (TransferItem item in items)
        {
            NameRules.Check(item.DataId, item.Group);
            if (operations.Generation > Generation.One) NameRules.CheckLengths(item.DataId, item.Group);
            ConfigOperations.CheckMetadata(item, user);
            if (ConfigOperations.IsBlank(item.Content)) throw FaultException.BadValue($"content is blank : {item.Content}");

            operations.Limits.CheckSize(Encoding.UTF8.GetBytes(item.Content));
            operations.Limits.Count(call, isWrite: true, new ConfigKey(target, item.Group, item.DataId));
        }

        var counts = new TransferCounts();
        for (int i = 0; i < items.Count; i++)
        {
            TransferItem item = items[i];
            var key = new ConfigKey(target, item.Group, item.DataId);
            if (await operations.WriteAsync(key, item, policy != ConflictPolicy.Overwrite, user ?? call.User, call).ConfigureAwait(false))
            {
                counts.Succeeded++;
            }
            else if (policy == ConflictPolicy.Skip)
            {
                counts.Skipped.Add(item);
            }
            else
            {
                counts.Failed.Add(item);
                counts.Skipped.AddRange(items[(i + 1)..]);
                break;
            }
        }

        return counts;
    }
}
