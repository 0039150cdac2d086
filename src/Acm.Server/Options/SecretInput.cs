using System.Text;

namespace Acm.Server.Options;

/// <summary>
/// Reads secrets that the parent process writes to standard input, where other users cannot see them. Lines are
/// <c>NAME=value</c>. A blank line ends the secrets, so that the parent can keep the pipe open.
/// </summary>
internal static class SecretInput
{
    /// <summary>Reads the secrets.</summary>
    /// <exception cref="OptionsException">A line is malformed, or a name is repeated.</exception>
    public static Dictionary<string, string> Read(Stream input)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            // Some parents write a byte order mark, which the reader removes.
            using var reader = new StreamReader(input, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
            while (reader.ReadLine() is { Length: > 0 } line)
            {
                // The message does not quote the line, which may be a secret.
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
