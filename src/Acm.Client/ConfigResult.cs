namespace Acm.Client;

/// <summary>What became of one key of a call for several: a configuration or an error, never both and never neither.</summary>
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

    /// <summary>The key that was asked for.</summary>
    public ConfigKey Key { get; }

    /// <summary>The configuration; null where <see cref="Error"/> says why not.</summary>
    public AcmConfig? Config { get; }

    /// <summary>Why there is no configuration; null where there is one.</summary>
    public AcmException? Error { get; }
}
