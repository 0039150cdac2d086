using System.Text;

namespace Acm.Server.Options;

/// <summary>
/// Secrets that the parent process writes to standard input: neither a command line nor an environment block shows them. A line is
/// <c>NAME=value</c>; a blank line, or the end, ends them, so that the parent may keep its end open.
/// </summary>
internal static class SecretInput
{
    /// <exception cref="OptionsException">A line is something else, or a name is given twice.</exception>
    public static Dictionary<string, string> Read(Stream input)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            // Some parents put a byte order mark in front, which the reader takes off.
            using var reader = new StreamReader(input, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
            while (reader.ReadLine() is { Length: > 0 } line)
            {
                // No part of the line is shown: it may be the secret.
                int equals = line.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0) throw new OptionsException("A line on standard input is not NAME=value.");

                string name = line[..equals];
                if (!secrets.TryAdd(name, line[(equals + 1)..])) throw new OptionsException($"Standard input specifies '{name}' twice.");
            }
        }
        catch (IOException e)
        {
            throw new OptionsException($"Standard input cannot be read: {e.Message}", e);
        }

        return secrets;
    }
}
