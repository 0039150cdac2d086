namespace Acm.Client.Profiles;

/// <summary>What the platform has for keeping a secret in a file.</summary>
internal interface ISecretProtection
{
    /// <summary>What the file calls it.</summary>
    string Name { get; }

    /// <summary>The form that the file holds.</summary>
    string Protect(string secret);

    /// <summary>The secret again.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">Another user, or another machine, protected it.</exception>
    string Unprotect(string stored);
}
