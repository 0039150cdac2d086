using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Text;
using Acm.Client;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>Opens the two sides of a command that compares or transfers configurations: folders, zips and namespaces with their connections.</summary>
/// <param name="cmdlet">The command.</param>
/// <param name="pipeline">The output of the command.</param>
internal sealed class TransferSides(AcmCmdlet cmdlet, PipelineWriter pipeline) : IDisposable
{
    private readonly List<AcmSession> _opened = [];

    /// <summary>Closes the opened connections.</summary>
    public void Dispose()
    {
        foreach (AcmSession session in _opened) session.End();
        _opened.Clear();
    }

    /// <summary>Returns the connection of -Profile or -Session, or null if neither is specified.</summary>
    internal AcmSession? Use(string? profile, AcmSession? session)
    {
        if (profile is null) return session;
        if (session is not null) cmdlet.ThrowTerminatingError(AcmErrors.InvalidParameter("-Profile and -Session cannot be combined.", "Profile", profile));

        return Open(profile);
    }

    /// <summary>Opens the connection of a profile. It is closed with the command.</summary>
    private AcmSession Open(string profile)
    {
        AcmSession session = new UserProfiles(cmdlet).Connection(profile).OpenFor(cmdlet);
        _opened.Add(session);
        return session;
    }

    /// <summary>Returns the client for the other side: that of a session, of a profile, or of another namespace.</summary>
    internal AcmClient Other(AcmClient own, AcmSession? session, string? profile, string? @namespace)
    {
        if (session is not null && profile is not null) cmdlet.ThrowTerminatingError(AcmErrors.InvalidParameter("-ToProfile and -ToSession cannot be combined.", "ToProfile", profile));

        AcmClient client = profile is not null ? Open(profile).Client : session?.Client ?? own;
        return cmdlet.InNamespace(client, @namespace ?? client.Namespace);
    }

    /// <summary>Opens a folder or zip. If it does not exist, writes an error and returns null.</summary>
    internal ConfigSet? OpenPath(string path, bool isLiteral, string parameter, FileReadOptions options)
    {
        string? found = Find(path, isLiteral, parameter);
        if (found is null) return null;

        // The path of a piped item contains its provider, which is not useful in messages.
        string name = path.IndexOf("::", StringComparison.Ordinal) >= 0 ? found : path;
        if (Directory.Exists(found)) return ConfigSet.OfFolder(found, name, options);
        if (File.Exists(found)) return ConfigSet.OfZip(found, name, options);

        cmdlet.WriteError(new ErrorRecord(
            new FileNotFoundException($"The folder or zip '{found}' was not found.", found), "AcmFileNotFound", ErrorCategory.ObjectNotFound, path));
        return null;
    }

    /// <summary>Returns the options for reading files. If a folder has no group folders, its files belong to a single specified group.</summary>
    internal static FileReadOptions ReadOptions(Encoding? encoding, string[] groups) => new()
    {
        Encoding = encoding,
        FlatGroup = groups is [var group] && !WildcardPattern.ContainsWildcardCharacters(group) ? group : null,
    };

    /// <summary>Returns a namespace as a set, named with its server if that differs from the other side's.</summary>
    internal static ConfigSet SetOf(AcmClient client, AcmClient? beside = null)
    {
        string name = client.Namespace.Length == 0 ? NamespaceName.Default : client.Namespace;
        bool isElsewhere = beside is not null && beside.Options.Endpoint != client.Options.Endpoint;
        return ConfigSet.OfNamespace(client, isElsewhere ? client.Options.Endpoint + ":" + name : name);
    }

    /// <summary>Writes the errors of a plan: invalid files, failed comparisons and missing names. Returns whether the plan cannot be used.</summary>
    internal async Task<bool> ReportAsync(TransferPlan plan, KeySelection selection)
    {
        foreach (AcmException problem in plan.Problems) await pipeline.WriteErrorAsync(AcmErrors.Record(problem, problem.Key)).ConfigureAwait(false);
        if (plan.PassedOver.Count > 0)
        {
            pipeline.WriteWarning(
                $"Hidden files in '{plan.Source.Name}' were skipped: {plan.PassedOver.Count}, for example '{plan.PassedOver[0]}'.{(plan.IsNacosExport ? "" : " For a data ID that begins with a dot, name the file with %2E instead.")}");
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

    /// <summary>Returns a function that redacts secrets in compared texts.</summary>
    internal static Func<ConfigKey, string, string> Redaction(string[] secretPattern)
    {
        var scan = new SecretScan(new SecretNames(secretPattern));
        return (key, text) => scan.Redact(key.DataId, text);
    }

    /// <summary>Writes items of a plan with their diffs.</summary>
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
                    cmdlet.WriteError(AcmErrors.InvalidParameter($"'{path}' matches {matches.Count} folders and files; one is needed.{(cmdlet.MyInvocation.MyCommand.Parameters.ContainsKey("LiteralPath") ? " Use -LiteralPath for names with brackets or asterisks." : "")}", parameter, path));
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
