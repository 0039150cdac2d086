namespace Acm.Server.Dialects.Nacos;

/// <summary>The parameters that the parameter filter of Nacos 2 and 3 checks before a call.</summary>
internal enum NameFilter
{
    None,

    /// <summary>Data ID, group and namespace.</summary>
    Config,

    /// <summary>ID and name of a namespace.</summary>
    Namespace,
}
