namespace Acm.Server.Storage;

internal enum Operation
{
    Insert,
    Update,
    Delete,
}
