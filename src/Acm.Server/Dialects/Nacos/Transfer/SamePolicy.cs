namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>What to do where the target has a configuration already.</summary>
internal enum SamePolicy
{
    Abort,
    Skip,
    Overwrite,
}
