namespace Acm.Client.Protocol;

/// <summary>A dialect whose servers support gray releases.</summary>
internal interface IGrayReleases
{
    /// <summary>Reads a gray release; null if there is none.</summary>
    ServerOperation<GrayValue?> GetGray(string @namespace, ConfigKey key, GrayTarget target);

    /// <summary>Publishes a gray release, verifies it as far as possible, and returns the server.</summary>
    ServerOperation<string> PublishGray(string @namespace, PublishRequest request, GrayTarget target);

    /// <summary>Removes a gray release and verifies it, because servers may report success without removing it.</summary>
    ServerOperation<bool> RemoveGray(string @namespace, ConfigKey key, GrayTarget target);
}
