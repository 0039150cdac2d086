using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Text;
using Acm.Client;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>The two sides of a command that compares or moves configurations: folders, zips, namespaces, and the connections that it opens for them.</summary>
/// <param name="cmdlet">The command.</param>
/// <param name="pipeline">Where its errors, warnings and objects go.</param>
internal sealed class TransferSides(AcmCmdlet cmdlet, PipelineWriter pipeline) : IDisposable
{
    private readonly List<AcmSession> _opened = [];

    /// <summary>Ends the connections that were opened.</summary>
    public void Dispose()
    {
        foreach (AcmSession session in _opened) session.End();
        _opened.Clear();
    }

    /// <summary>The connection that a command is told to use: that of a profile, or one that was made; null for neither.</summary>
    internal AcmSession? Use(string? profile, AcmSession? session)
    {
        if (profile is null) return session;
        if (session is not null) cmdlet.ThrowTerminatingError(AcmErrors.InvalidParameter("-Profile and -Session exclude each other.", "Profile", profile));

        return Open(profile);
    }

    /// <summary>A connection of a profile, which ends with the command.</summary>
    private AcmSession Open(string profile)
    {
        AcmSession session = new UserProfiles(cmdlet).Connection(profile).OpenFor(cmdlet);
        _opened.Add(session);
        return session;
    }

    /// <summary>The other connection of the command: another session's, a profile's, or this one's in another namespace.</summary>
    internal AcmClient Other(AcmClient own, AcmSession? session, string? profile, string? @namespace)
    {
        if (session is not null && profile is not null) cmdlet.ThrowTerminatingError(AcmErrors.InvalidParameter("-ToProfile and -ToSession exclude each other.", "ToProfile", profile));

        AcmClient client = profile is not null ? Open(profile).Client : session?.Client ?? own;
        return cmdlet.InNamespace(client, @namespace ?? client.Namespace);
    }

    /// <summary>What a folder or zip is called as it was typed, and what it is; null where there is nothing, which is an error of this path.</summary>
    internal ConfigSet? OpenPath(string path, bool isLiteral, string parameter, FileReadOptions options)
    {
        string? found = Find(path, isLiteral, parameter);
        if (found is null) return null;

        // A piped item's path names its provider, which nobody would type.
        string name = path.IndexOf("::", StringComparison.Ordinal) >= 0 ? found : path;
        if (Directory.Exists(found)) return ConfigSet.OfFolder(found, name, options);
        if (File.Exists(found)) return ConfigSet.OfZip(found, name, options);

        cmdlet.WriteError(new ErrorRecord(
            new FileNotFoundException($"The folder or zip '{found}' was not found.", found), "AcmFileNotFound", ErrorCategory.ObjectNotFound, path));
        return null;
    }

    /// <summary>How files are read: a single group that is named is the group of the files of a folder without folders for groups.</summary>
    internal static FileReadOptions ReadOptions(Encoding? encoding, string[] groups) => new()
    {
        Encoding = encoding,
        FlatGroup = groups is [var group] && !WildcardPattern.ContainsWildcardCharacters(group) ? group : null,
    };

    /// <summary>A namespace as a person calls it beside another one.</summary>
    internal static ConfigSet SetOf(AcmClient client, AcmClient? beside = null)
    {
        string name = client.Namespace.Length == 0 ? NamespaceName.Default : client.Namespace;
        bool isElsewhere = beside is not null && beside.Options.Endpoint != client.Options.Endpoint;
        return ConfigSet.OfNamespace(client, isElsewhere ? client.Options.Endpoint + ":" + name : name);
    }

    /// <summary>Writes what is wrong with a plan: with its files, with items that could not be compared, and with names that are nowhere. Whether it can't be used.</summary>
    internal async Task<bool> ReportAsync(TransferPlan plan, KeySelection selection)
    {
        foreach (AcmException problem in plan.Problems) await pipeline.WriteErrorAsync(AcmErrors.Record(problem, problem.Key)).ConfigureAwait(false);
        if (plan.PassedOver.Count > 0)
        {
            pipeline.WriteWarning(
                $"{plan.PassedOver.Count} hidden files of '{plan.Source.Name}' were skipped, such as '{plan.PassedOver[0]}'.{(plan.IsNacosExport ? "" : " For a data ID that begins with a dot, name the file with %2E instead.")}");
        }

        if (plan.IsNacosExport)
            pipeline.WriteWarning($"'{plan.Source.Name}' was exported from the Nacos console. {plan.NacosExportNote}");

        if (plan.Problems.Count > 0) return true;

        foreach (ConfigKey key in selection.Missing([.. plan.Items.Select(item => item.Key)]))
        {
            var error = new AcmException(AcmErrorKind.ConfigNotFound, $"Configuration '{key}' was not found in '{plan.Source.Name}'.") { Key = key };
            await pipeline.WriteErrorAsync(AcmErrors.Record(error, key)).ConfigureAwait(false);
        }

        foreach (TransferItem item in plan.Items)
        {
            if (item.Error is not null) await pipeline.WriteErrorAsync(AcmErrors.Record(item.Error, item.Key)).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Takes the secrets out of the texts that diffs are made of.</summary>
    internal static Func<ConfigKey, string, string> Redaction(string[] secretPattern)
    {
        var scan = new SecretScan(new SecretNames(secretPattern));
        return (key, text) => scan.Redact(key.DataId, text);
    }

    /// <summary>Writes configurations of a plan with their diffs.</summary>
    internal async Task WriteDifferencesAsync(TransferPlan plan, IReadOnlyList<TransferItem> items, string[] secretPattern, CancellationToken cancellationToken)
    {
        await foreach (TransferDiff diff in plan.DiffAsync(items, Redaction(secretPattern), cancellationToken).ConfigureAwait(false))
        {
            TransferItem item = diff.Item;
            await pipeline.WriteObjectAsync(
                new AcmConfigDifference(item.DataId, item.Group, State(item.State), diff.Text, diff.Redacted, plan.Source.Name, plan.Target.Name, item.IsEncrypted)).ConfigureAwait(false);
        }
    }

    private static AcmDifferenceState State(DifferenceState state) => state switch
    {
        DifferenceState.Added => AcmDifferenceState.Added,
        DifferenceState.Changed => AcmDifferenceState.Changed,
        DifferenceState.Removed => AcmDifferenceState.Removed,
        _ => AcmDifferenceState.Unchanged,
    };

    private string? Find(string path, bool isLiteral, string parameter)
    {
        ProviderInfo provider;
        string found;
        try
        {
            if (isLiteral || !WildcardPath.Is(path))
            {
                found = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
            }
            else
            {
                Collection<string> matches = cmdlet.GetResolvedProviderPathFromPSPath(path, out provider);
                if (matches.Count != 1)
                {
                    cmdlet.WriteError(AcmErrors.InvalidParameter($"'{path}' matches {matches.Count} folders and files; one is needed.{(cmdlet.MyInvocation.MyCommand.Parameters.ContainsKey("LiteralPath") ? " -LiteralPath takes brackets and stars as they are." : "")}", parameter, path));
                    return null;
                }

                found = matches[0];
            }
        }
        catch (RuntimeException e)
        {
            cmdlet.WriteError(new ErrorRecord(e.ErrorRecord, e));
            return null;
        }

        if (provider.Name == "FileSystem") return found;

        cmdlet.WriteError(AcmErrors.InvalidParameter($"'{path}' is a path of the provider {provider.Name}. Folders and zips need the file system.", parameter, path));
        return null;
    }
}
