using System.Management.Automation;
using System.Management.Automation.Provider;
using System.Text;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Resolves -Path and -LiteralPath with the session's providers and reads the items. Call it on the pipeline thread only.</summary>
internal sealed class ConfigSources(PSCmdlet cmdlet, Encoding? encoding, PipelineWriter pipeline)
{
    /// <summary>Returns the texts. An item that cannot be read is a non-terminating error.</summary>
    internal List<ConfigSourceText> Read(IEnumerable<string> paths, bool literal)
    {
        var texts = new List<ConfigSourceText>();
        foreach (string path in paths)
        {
            try
            {
                if (literal || WildcardPath.OnlyLooksSo(path))
                {
                    string item = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
                    Add(texts, path, item, provider);
                    continue;
                }

                foreach (PathInfo found in cmdlet.SessionState.Path.GetResolvedPSPathFromPSPath(path)) Add(texts, found.Path, found.ProviderPath, found.Provider);
            }
            catch (RuntimeException e)
            {
                Report(new ErrorRecord(e.ErrorRecord, e));
            }
        }

        return texts;
    }

    /// <summary>Returns whether a text is the path of an existing file.</summary>
    internal bool IsFile(string text)
    {
        try
        {
            string item = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(text, out ProviderInfo provider, out _);
            return provider.Name == "FileSystem" && File.Exists(item);
        }
        catch (Exception e) when (e is RuntimeException or ArgumentException or NotSupportedException or IOException)
        {
            // The text is not a valid path, for example because its drive does not exist.
            return false;
        }
    }

    private void Add(List<ConfigSourceText> texts, string path, string providerPath, ProviderInfo provider)
    {
        if (provider.Name != "FileSystem")
        {
            texts.Add(new ConfigSourceText(cmdlet.SessionState.Path.ParseChildName(path), ReadItem(path)));
            return;
        }

        try
        {
            if (Directory.Exists(providerPath))
            {
                Report(new ErrorRecord(new IOException($"'{providerPath}' is a folder, not a file."), "AcmFileUnreadable", ErrorCategory.InvalidType, providerPath));
                return;
            }

            (string text, bool hadBom) = ConfigFile.Read(providerPath, encoding);
            if (hadBom) pipeline.WriteVerbose($"The byte order mark at the start of '{providerPath}' is not published.");
            texts.Add(new ConfigSourceText(Path.GetFileName(providerPath), text));
        }
        catch (AcmException e)
        {
            Report(AcmErrors.Record(e, providerPath));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Report(new ErrorRecord(new FileNotFoundException($"The file '{providerPath}' was not found.", providerPath, e), "AcmFileNotFound", ErrorCategory.ObjectNotFound, providerPath));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report(new ErrorRecord(e, "AcmFileUnreadable", ErrorCategory.ReadError, providerPath));
        }
    }

    // Reads lines as Get-Content does, because the provider can be any, such as Variable or Function.
    private string ReadItem(string path)
    {
        var lines = new List<string>();
        foreach (IContentReader reader in cmdlet.InvokeProvider.Content.GetReader([path], force: false, literalPath: true))
        {
            using (reader)
            {
                foreach (object? line in reader.Read(0)) lines.Add(line?.ToString() ?? "");
            }
        }

        return string.Join("\n", lines);
    }

    private void Report(ErrorRecord error) => cmdlet.WriteError(error);
}

/// <summary>A text with the name of its item.</summary>
internal readonly record struct ConfigSourceText(string Name, string Text)
{
    /// <summary>Returns the name. The text can contain secrets.</summary>
    public override string ToString() => Name;
}
