using System.Collections.ObjectModel;
using System.Management.Automation;
using Acm.Client;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>A command that compares or moves configurations: between a folder or zip and a namespace, or between two of either.</summary>
public abstract class TransferCmdlet : ParallelCmdlet
{
    /// <summary>The other connection of the command: another session's, or this one's in another namespace.</summary>
    private protected AcmClient OtherClient(AcmSession? session, string? @namespace)
    {
        AcmClient client = session?.Client ?? Client;
        return @namespace is null ? client : InNamespace(client, @namespace);
    }

    /// <summary>What a folder or zip is called as it was typed, and what it is; null where there is nothing, which is an error of this path.</summary>
    private protected ConfigSet? OpenPath(string path, bool isLiteral, string parameter)
    {
        string? found = Find(path, isLiteral, parameter);
        if (found is null) return null;

        // A piped item's path names its provider, which nobody would type.
        string name = path.IndexOf("::", StringComparison.Ordinal) >= 0 ? found : path;
        if (Directory.Exists(found)) return ConfigSet.OfFolder(found, name);
        if (File.Exists(found)) return ConfigSet.OfZip(found, name);

        WriteError(new ErrorRecord(
            new FileNotFoundException($"There is no folder and no zip '{found}'.", found), "AcmFileNotFound", ErrorCategory.ObjectNotFound, path));
        return null;
    }

    /// <summary>A namespace as a person calls it beside another one.</summary>
    private protected static ConfigSet SetOf(AcmClient client, AcmClient? beside = null)
    {
        string name = client.Namespace.Length == 0 ? "[default]" : client.Namespace;
        bool isElsewhere = beside is not null && beside.Options.Endpoint != client.Options.Endpoint;
        return ConfigSet.OfNamespace(client, isElsewhere ? client.Options.Endpoint + ":" + name : name);
    }

    /// <summary>A namespace as a person is asked about it.</summary>
    private protected static string Describe(AcmClient client) =>
        (client.Namespace.Length == 0 ? "the blank namespace" : "namespace " + client.Namespace) + " of " + client.Options.Endpoint;

    /// <summary>Writes what is wrong with the files of a plan. Whether there was anything.</summary>
    private protected async Task<bool> ReportAsync(TransferPlan plan)
    {
        foreach (AcmException problem in plan.Problems) await Pipeline.WriteErrorAsync(AcmErrors.Record(problem, problem.Key)).ConfigureAwait(false);
        if (plan.PassedOver.Count > 0)
        {
            Pipeline.WriteWarning(
                $"{plan.PassedOver.Count} hidden files of '{plan.Source.Name}' were passed over, as '{plan.PassedOver[0]}'. A data id that begins with a dot is written with %2E in its place.");
        }

        return plan.Problems.Count > 0;
    }

    private string? Find(string path, bool isLiteral, string parameter)
    {
        ProviderInfo provider;
        string found;
        try
        {
            if (isLiteral || !WildcardPattern.ContainsWildcardCharacters(path))
            {
                found = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
            }
            else
            {
                Collection<string> matches = GetResolvedProviderPathFromPSPath(path, out provider);
                if (matches.Count != 1)
                {
                    WriteError(AcmErrors.InvalidParameter($"'{path}' matches {matches.Count} folders and files; one is needed. -LiteralPath takes brackets and stars as they are.", parameter, path));
                    return null;
                }

                found = matches[0];
            }
        }
        catch (RuntimeException e)
        {
            WriteError(new ErrorRecord(e.ErrorRecord, e));
            return null;
        }

        if (provider.Name == "FileSystem") return found;

        WriteError(AcmErrors.InvalidParameter($"'{path}' is a path of the provider {provider.Name}. Folders and zips are of the file system.", parameter, path));
        return null;
    }
}
