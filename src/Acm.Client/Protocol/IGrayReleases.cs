namespace Acm.Client.Protocol;

/// <summary>A dialect whose servers keep versions of a configuration for some clients beside the formal content.</summary>
internal interface IGrayReleases
{
    /// <summary>Reads a gray version; null where there is none.</summary>
    ServerOperation<GrayValue?> GetGray(string @namespace, ConfigKey key, GrayTarget target);

    /// <summary>Publishes a gray version, reads back what can be read back at once, and returns the server.</summary>
    ServerOperation<string> PublishGray(string @namespace, PublishRequest request, GrayTarget target);

    /// <summary>Removes a gray version, and looks whether it is gone: servers answer and do it not.</summary>
    ServerOperation<bool> RemoveGray(string @namespace, ConfigKey key, GrayTarget target);
}
