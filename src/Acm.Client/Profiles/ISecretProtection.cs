namespace Acm.Client.Profiles;

/// <summary>Protects secrets with the means of the platform.</summary>
internal interface ISecretProtection
{
    /// <summary>Gets the name in the profile file.</summary>
    string Name { get; }

    /// <summary>Protects a secret.</summary>
    string Protect(string secret);

    /// <summary>Returns the secret.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It was protected by another user or on another machine.</exception>
    string Unprotect(string stored);
}
