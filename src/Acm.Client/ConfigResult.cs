namespace Acm.Client;

/// <summary>The result for one key of a call for several: either a configuration or an error.</summary>
public sealed class ConfigResult
{
    internal ConfigResult(ConfigKey key, AcmConfig config)
    {
        Key = key;
        Config = config;
    }

    internal ConfigResult(ConfigKey key, AcmException error)
    {
        Key = key;
        Error = error;
    }

    /// <summary>Gets the key.</summary>
    public ConfigKey Key { get; }

    /// <summary>Gets the configuration; null if there is an <see cref="Error"/>.</summary>
    public AcmConfig? Config { get; }

    /// <summary>Gets the error; null on success.</summary>
    public AcmException? Error { get; }
}
